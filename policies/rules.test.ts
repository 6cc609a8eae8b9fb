import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { lowered } from '../tests/charts/lowered-staging.ts';
import { objectOf } from './cluster-object.ts';
import { EXCEPTIONS } from './exceptions.ts';
import { fieldsOf } from './fields.ts';
import { violationsOf } from './judge.ts';
import type { ClusterObject, Fields } from './rule.ts';
import { RULES } from './rules.ts';
import { CHANGES as OF_STAGING } from './testing/changes.ts';
import { CLOUD_CHANGES } from './testing/cloud-changes.ts';
import { CLOUD_SAMPLES } from './testing/cloud-samples.ts';
import type { Change } from './testing/changes.ts';
import { withValue } from './testing/with-value.ts';

const CHANGES: readonly Change[] = [...OF_STAGING, ...CLOUD_CHANGES];

/** A day on which every exception holds. */
const TODAY = '2026-11-28';
const allowance = { exceptions: EXCEPTIONS, today: TODAY };

/** All of staging, and of a cloud what keeps every rule. */
const staging: readonly ClusterObject[] = [
  ...Object.values(partsOf(lowered)).flatMap(({ steps }) =>
    steps.flatMap(({ manifests = [], protect = false }) =>
      manifests.map((manifest) => objectOf(manifest, protect)),
    ),
  ),
  ...CLOUD_SAMPLES,
];

/** Staging with one object changed, which must be there and must differ. */
function changed({ object: title, at, to }: Change): readonly ClusterObject[] {
  const [object, ...more] = staging.filter((one) => one.title === title);
  if (object === undefined || more.length > 0) throw new Error(`Staging has no one '${title}'`);
  const now =
    at[0] === 'isProtected' || at[0] === 'name'
      ? { ...object, [at[0]]: to }
      : withFields(object, fieldsOf(withValue(object.fields, at, to)));
  expect(isDeepStrictEqual(now, object)).toBe(false);
  return staging.map((one) => (one === object ? now : one));
}

/** An object of a cluster is told by its fields, one of a cloud by its name in the program. */
function withFields(object: ClusterObject, fields: Fields): ClusterObject {
  return object.kind.includes(':') ? { ...object, fields } : objectOf(fields, object.isProtected);
}

describe('the rules', () => {
  test.each(RULES.map((rule) => [rule.id, rule] as const))('%s holds for staging', (_id, rule) => {
    expect(staging.length).toBeGreaterThan(300);
    expect(violationsOf(rule, staging, allowance).map(told)).toEqual([]);
  });

  test.each(
    CHANGES.map((change) => [change.rule, change.object, change.at.join('.'), change] as const),
  )('%s is broken by %s with another %s, and nothing else is', (id, _object, _at, change) => {
    const broken = RULES.flatMap((rule) => violationsOf(rule, changed(change), allowance));
    expect(new Set(broken.map(({ rule }) => rule.id))).toEqual(new Set([id]));
    expect(broken.map(told).join('\n')).toMatch(change.told);
    expect(broken.map(({ object }) => object.title)).toContain(change.found ?? change.object);
  });

  test('have each a change that breaks it, names that Pulumi takes, and sentences', () => {
    const shown = new Set(CHANGES.map(({ rule }) => rule));
    expect(RULES.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    const told = readFileSync(path.join(import.meta.dirname, '../docs/policies.md'), 'utf8');
    for (const { id, statement } of RULES) {
      expect(told).toMatch(
        new RegExp(`^\\| \`${id}\` +\\| ${statement.replaceAll('.', '\\.')} +\\|$`, 'm'),
      );
    }
    // Source: @pulumi/policy 1.21, policy names.
    for (const { id } of RULES) expect(id).toMatch(/^[a-z][a-z-]{0,99}$/);
  });
});

describe('an exception', () => {
  test('is of a rule and an object that there are, and is needed', () => {
    const needed = RULES.flatMap((rule) =>
      violationsOf(rule, staging, { exceptions: [], today: TODAY }).map(
        ({ object }) => `${rule.id} ${object.title}`,
      ),
    );
    expect(EXCEPTIONS.map(({ rule, object }) => `${rule} ${object}`).toSorted()).toEqual(
      [...new Set(needed)].toSorted(),
    );
    for (const { owner, reason, until } of EXCEPTIONS) {
      expect([owner, reason]).not.toContain('');
      expect(until).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
    }
  });

  test('holds on its last day, and is named once it is over', () => {
    const [exception] = EXCEPTIONS;
    const rule = RULES.find(({ id }) => id === exception?.rule);
    if (exception === undefined || rule === undefined) throw new Error('There is no exception');
    const on = (today: string) =>
      violationsOf(rule, staging, { exceptions: [exception], today })
        .filter(({ object }) => object.title === exception.object)
        .map(told);
    expect(on(exception.until)).toEqual([]);
    expect(on('2100-01-01')).toEqual([
      expect.stringContaining(`the exception of ${exception.owner} ended on ${exception.until}`),
    ]);
  });
});

function told({ object, problem }: { readonly object: ClusterObject; readonly problem: string }) {
  return `${object.title}: ${problem}`;
}
