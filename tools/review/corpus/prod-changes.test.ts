import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { LEVELS, SEVERITIES } from '@meridian/policies/severity.ts';
import { cloudResource } from '@meridian/provider-rehearsal/provider/cloud-resource.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { dataOf } from '../../meridian/rehearsal/protected-data.ts';
import type { Finding } from '../finding.ts';
import { resourceFindings } from '../resources/resource-findings.ts';
import { PROD_CHANGES } from './changes/prod.ts';
import type { EvaluatedProd } from './evaluate-prod.ts';
import type { ProdChange, ToldOfResource } from './prod-change.ts';
import type { CloudResource } from './record-clouds.ts';
import { evaluatedProd } from './testing/evaluated-prod.ts';

/** Production as it is, and with each change. */
let told: readonly EvaluatedProd[] = [];

beforeAll(async () => {
  told = await evaluatedProd();
}, 240_000);

/** What is declared; what cannot be made fails with the reason. */
function made(place: number): readonly CloudResource[] {
  const result = told[place] ?? { error: 'it was not evaluated' };
  if ('error' in result) throw new Error(`It declares nothing: ${result.error}`);
  return result.resources;
}

/** The step of an engine for one resource in place of another, by the rehearsal's own provider. */
function stepOf(old: CloudResource | undefined, now: CloudResource | undefined): StepMetadata {
  const { urn, type } = now ?? old ?? { urn: '', type: '' };
  const state = (one: CloudResource | undefined) =>
    one === undefined ? null : { urn, inputs: one.inputs, protect: one.isProtected };
  const of = { urn, type, old: state(old), new: state(now) };
  if (old === undefined) return { ...of, op: 'create' };
  if (now === undefined) return { ...of, op: 'delete' };
  const changes =
    old === now ? [] : cloudResource(urn).changes({ inputs: old.inputs, outputs: {} }, now.inputs);
  const keys = changes.filter(({ replaces }) => replaces).map(({ path }) => pathText(path));
  return {
    ...of,
    op: keys.length > 0 ? 'replace' : changes.length > 0 ? 'update' : 'same',
    keys,
    detailedDiff: Object.fromEntries(
      changes.map(({ path, kind }) => [pathText(path), { diffKind: kind, inputDiff: true }]),
    ),
  };
}

function stepsBetween(
  base: readonly CloudResource[],
  head: readonly CloudResource[],
): readonly StepMetadata[] {
  const [before, after] = [base, head].map((all) => new Map(all.map((one) => [one.urn, one])));
  const urns = [...new Set([...base, ...head].map(({ urn }) => urn))].toSorted();
  return urns.map((urn) => stepOf(before?.get(urn), after?.get(urn)));
}

/** What is as production has it is the same object, which is looked at once for all changes. */
function sharedWith(
  base: readonly CloudResource[],
  head: readonly CloudResource[],
): readonly CloudResource[] {
  const known = new Map(base.map((one) => [one.urn, one]));
  return head.map((one) => {
    const former = known.get(one.urn);
    return former !== undefined && isDeepStrictEqual(former, one) ? former : one;
  });
}

function findingsOf(place: number): readonly Finding[] {
  const base = made(0);
  const steps = stepsBetween(base, sharedWith(base, made(place)));
  const protectedResources = base
    .filter(({ isProtected }) => isProtected)
    .map((one) => ({ urn: one.urn, data: dataOf(one, []) }));
  return resourceFindings(steps, { protectedResources });
}

function highest(findings: readonly Finding[]): ProdChange['level'] {
  const levels = new Set(findings.map(({ kind }) => SEVERITIES[kind].level));
  return LEVELS.find((level) => levels.has(level)) ?? 'same';
}

describe('of changes of production', () => {
  test('there are twenty at least, each with a name of its own, of a program that has a cloud', () => {
    expect(PROD_CHANGES.length).toBeGreaterThanOrEqual(20);
    expect(new Set(PROD_CHANGES.map(({ name }) => name)).size).toBe(PROD_CHANGES.length);
    expect(made(0).length).toBeGreaterThan(200);
    expect(highest([])).toBe('same');
  });

  test.each(PROD_CHANGES.map((change, place) => [change.name, change, place + 1] as const))(
    '%s',
    (_name, { level, tells }, place) => {
      const findings = findingsOf(place);
      expect(highest(findings)).toBe(level);
      const told = findings.filter(({ kind }) => SEVERITIES[kind].level !== 'note');
      const isOf = (finding: Finding, { kind, subject, property }: ToldOfResource): boolean =>
        finding.kind === kind &&
        finding.subject.startsWith(subject) &&
        finding.property === property;
      const nameOf = ({ kind, subject, property }: ToldOfResource | Finding): string =>
        `${kind}: ${subject} ${property ?? ''}`;
      expect(told.filter((one) => !tells.some((each) => isOf(one, each))).map(nameOf)).toEqual([]);
      expect(tells.filter((each) => !told.some((one) => isOf(one, each))).map(nameOf)).toEqual([]);
    },
  );
});
