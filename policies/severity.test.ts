import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LEVELS, SECTIONS, SEVERITIES } from './severity.ts';
import type { ChangeKind, Level } from './severity.ts';

/** What a review is asked to tell, at which level, in the words of those who asked. */
const ASKED = {
  danger: [
    'data replaced, deleted or unprotected',
    'backup or retention cut',
    'reachable from the internet or by one identity more on a method that writes',
    'an unauthenticated path',
    '* rights',
    'CA, trust domain, key or federation changed',
    'a zone proof that no longer holds',
    'a paging alert lost or blind',
    'a policy weakened, an exception added or prolonged',
    'the judge itself changed',
    'base does not build',
  ],
  check: [
    'a call, topic or permission added or removed',
    'a contract broken for a deployed caller',
    'an objective loosened',
    'a stateful engine restarted',
    'replaced without data',
    "a zone's capacity down by a fifth",
    'cost up 10 %',
    'lockfile or image digest changed',
    'anything that may replace',
    'what is not known, or not the same twice',
  ],
  note: ['whatever a person, caller or on-call would notice'],
} as const satisfies Readonly<Record<Level, readonly string[]>>;

type Asked = (typeof ASKED)[Level][number];

/** Why each row is there: a row without a reason does not compile. */
const WHY: Readonly<Record<ChangeKind, Asked>> = {
  'data-deleted': 'data replaced, deleted or unprotected',
  'data-replaced': 'data replaced, deleted or unprotected',
  'made-elsewhere': 'data replaced, deleted or unprotected',
  'data-unprotected': 'data replaced, deleted or unprotected',
  'backup-cut': 'backup or retention cut',
  'retention-cut': 'backup or retention cut',
  'newly-reachable': 'reachable from the internet or by one identity more on a method that writes',
  'writer-added': 'reachable from the internet or by one identity more on a method that writes',
  'sign-in-dropped': 'an unauthenticated path',
  'rights-for-all': '* rights',
  'trust-changed': 'CA, trust domain, key or federation changed',
  'declared-otherwise':
    'reachable from the internet or by one identity more on a method that writes',
  'condition-dropped':
    'reachable from the internet or by one identity more on a method that writes',
  'images-elsewhere': 'CA, trust domain, key or federation changed',
  'zone-proof-lost': 'a zone proof that no longer holds',
  'page-lost': 'a paging alert lost or blind',
  'page-blind': 'a paging alert lost or blind',
  'page-late': 'a paging alert lost or blind',
  'page-rerouted': 'a paging alert lost or blind',
  'policy-weakened': 'a policy weakened, an exception added or prolonged',
  'policy-broken': 'a policy weakened, an exception added or prolonged',
  'exception-widened': 'a policy weakened, an exception added or prolonged',
  'judge-changed': 'the judge itself changed',
  'base-unusable': 'base does not build',
  'call-added': 'a call, topic or permission added or removed',
  'call-removed': 'a call, topic or permission added or removed',
  'route-added': 'a call, topic or permission added or removed',
  'route-removed': 'a call, topic or permission added or removed',
  'topic-added': 'a call, topic or permission added or removed',
  'topic-removed': 'a call, topic or permission added or removed',
  'topic-changed': 'a call, topic or permission added or removed',
  'rights-added': 'a call, topic or permission added or removed',
  'rights-removed': 'a call, topic or permission added or removed',
  'external-changed': 'a call, topic or permission added or removed',
  'network-opened': 'a call, topic or permission added or removed',
  'network-closed': 'a call, topic or permission added or removed',
  'contract-broken': 'a contract broken for a deployed caller',
  'service-removed': 'a contract broken for a deployed caller',
  'store-changed': 'replaced without data',
  'migration-changed': 'what is not known, or not the same twice',
  'objective-loosened': 'an objective loosened',
  'alert-loosened': 'an objective loosened',
  'sight-lost': 'an objective loosened',
  'ticket-lost': 'an objective loosened',
  'engine-restarted': 'a stateful engine restarted',
  replaced: 'replaced without data',
  'may-replace': 'anything that may replace',
  'capacity-down': "a zone's capacity down by a fifth",
  'limits-changed': "a zone's capacity down by a fifth",
  'cost-up': 'cost up 10 %',
  'lockfile-changed': 'lockfile or image digest changed',
  'trusted-code-changed': 'what is not known, or not the same twice',
  'image-changed': 'lockfile or image digest changed',
  'provider-changed': 'lockfile or image digest changed',
  'pod-weakened': 'a call, topic or permission added or removed',
  'secret-changed': 'what is not known, or not the same twice',
  'stack-new': 'what is not known, or not the same twice',
  'not-assessed': 'what is not known, or not the same twice',
  'not-deterministic': 'what is not known, or not the same twice',
  'workflow-changed': 'what is not known, or not the same twice',
  'unknown-change': 'what is not known, or not the same twice',
  'service-added': 'whatever a person, caller or on-call would notice',
  'service-restarted': 'whatever a person, caller or on-call would notice',
  'contract-extended': 'whatever a person, caller or on-call would notice',
  'code-changed': 'whatever a person, caller or on-call would notice',
  'plan-changed': 'whatever a person, caller or on-call would notice',
  'retention-extended': 'whatever a person, caller or on-call would notice',
  'scale-changed': 'whatever a person, caller or on-call would notice',
  'objective-tightened': 'whatever a person, caller or on-call would notice',
  'alert-added': 'whatever a person, caller or on-call would notice',
  'alert-changed': 'whatever a person, caller or on-call would notice',
  'words-changed': 'whatever a person, caller or on-call would notice',
  'object-added': 'whatever a person, caller or on-call would notice',
  'object-removed': 'whatever a person, caller or on-call would notice',
  'object-changed': 'whatever a person, caller or on-call would notice',
  'cost-changed': 'whatever a person, caller or on-call would notice',
  'policy-strengthened': 'whatever a person, caller or on-call would notice',
};

/** Rows that nothing makes yet, and what is missing: the list can only become shorter. */
const UNMADE: Readonly<Partial<Record<ChangeKind, string>>> = {};

const root = path.dirname(import.meta.dirname);

/** The code that makes findings: neither tests nor the changes that it is held against. */
const makers = globSync('tools/{review,meridian}/**/*.ts', { cwd: root })
  .filter((file) => !/\.test\.ts$|\/testing\/|^tools\/review\/corpus\//.test(file))
  .map((file) => readFileSync(path.join(root, file), 'utf8'));

/** Whether a source names a kind of change; a plain word may be something else where it is not called one. */
function isMadeBy(kind: string): (source: string) => boolean {
  const named = kind.includes('-') ? `'${kind}'` : `kind: '${kind}'`;
  return (source) => source.includes(named);
}

const kinds = Object.keys(SEVERITIES) as readonly ChangeKind[];

describe('each row of the table of severities', () => {
  test.each(kinds)('%s has the level that was asked for, and is made', (kind) => {
    const { level, what, section, reason } = SEVERITIES[kind];
    expect(ASKED[level] as readonly string[]).toContain(WHY[kind]);
    expect(SECTIONS).toContain(section);
    expect(reason).not.toBe('');
    // Dangers and checks begin their line in capitals, and notes do not.
    expect(what === what.toUpperCase()).toBe(level !== 'note');
    const isMade = makers.some(isMadeBy(kind));
    expect(isMade ? 'made' : UNMADE[kind]).toBe(UNMADE[kind] ?? 'made');
  });

  test('is there for each thing that was asked for', () => {
    const asked = LEVELS.flatMap((level): readonly string[] => ASKED[level]);
    expect(asked.filter((one) => !(Object.values(WHY) as readonly string[]).includes(one))).toEqual(
      [],
    );
  });

  test('that is made is not listed as one that is not', () => {
    const listed = Object.keys(UNMADE);
    expect(listed.filter((kind) => makers.some(isMadeBy(kind)))).toEqual([]);
  });
});
