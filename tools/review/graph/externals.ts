import type { ExternalNode } from '@meridian/components/model/graph.ts';
import type { Finding } from '../finding.ts';
import { addedTo, listed, matched, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';

const EXTERNAL: Comparators<ExternalNode, string> = {
  name: toldBy('the pairing of externals by their names'),
  summary: (before, after, name) => [
    changed(name, 'summary', {
      kind: 'words-changed',
      ...{ property: 'summary', before, after },
      consequence: 'people read something else of it',
    }),
  ],
  secrets: (before, after, name) => [
    changed(name, 'secrets', {
      kind: 'trust-changed',
      ...{ property: 'secrets', before: listedOrNone(before), after: listedOrNone(after) },
      consequence:
        addedTo(after, before).length > 0
          ? 'what proved who sends or asks is not asked for any more'
          : 'the platform and it prove themselves by one secret more',
    }),
  ],
  parameters: (before, after, name) => [
    changed(name, 'parameters', {
      kind: 'external-changed',
      ...{ property: 'parameters', before: listedOrNone(before), after: listedOrNone(after) },
      consequence: 'a stack has to say what of it is ours by other settings',
    }),
  ],
  standIn: (before, after, name) => [
    changed(name, 'standIn', {
      kind: 'object-changed',
      property: 'stand-in',
      before: `${before.entry}, slot ${before.slot}`,
      after: `${after.entry}, slot ${after.slot}`,
      consequence: 'where there is none of it, another program stands in for it',
    }),
  ],
  users: (before, after, name) => [
    ...addedTo(before, after).map((service) =>
      used(service, name, 'opens a way out of the platform'),
    ),
    ...addedTo(after, before).map((service) =>
      used(service, name, `${service} reaches it no more`),
    ),
  ],
};

/** Systems outside the platform that are talked to now or no longer, and what is shared with them. */
export function externalFindings({ base, head }: Comparison): readonly Finding[] {
  const { gone, come, both } = matched(
    base.graph.externals,
    head.graph.externals,
    ({ name }) => name,
  );
  return [
    ...gone.map(({ name, users }) =>
      changed(name, 'name', {
        kind: 'external-changed',
        ...{ before: listed(users), after: 'nobody' },
        consequence: 'the platform talks to it no more',
      }),
    ),
    ...come.map(({ name, users }) =>
      changed(name, 'name', {
        kind: 'external-changed',
        ...{ before: 'nobody', after: listed(users) },
        consequence: `opens a way out of the platform for ${listed(users)}`,
      }),
    ),
    ...both.flatMap(([old, now]) =>
      compareMembers(EXTERNAL, old, now, {
        context: now.name,
        node: { declaration: `external ${now.name}`, subject: now.name, among: 'externals' },
      }),
    ),
  ];
}

function used(service: string, name: string, consequence: string): Finding {
  return ofMember(`service ${service}`, 'externals', {
    kind: 'external-changed',
    ...{ subject: `${service} → ${name}`, among: 'externals' },
    consequence,
  });
}

function changed(
  name: string,
  member: string,
  finding: Pick<Finding, 'kind' | 'property' | 'before' | 'after' | 'consequence'>,
): Finding {
  const word = member === 'name' ? name : member;
  return {
    ...finding,
    ...{ subject: name, among: 'externals' },
    from: { declaration: `external ${name}`, member, word },
  };
}

function listedOrNone(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
