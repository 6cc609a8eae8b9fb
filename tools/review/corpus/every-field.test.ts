import { describe, expect, test } from '@jest/globals';
import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import type { PropertyPath } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { withValue } from '@meridian/policies/testing/with-value.ts';
import { resourceFindings } from '../resources/resource-findings.ts';
import { previewSteps } from './testing/preview-steps.ts';
import { STAGING } from './testing/staging-resources.ts';
import type { GivenResource } from './testing/staging-resources.ts';

/** What tells an object from others: another name is another object. */
const IDENTITY = /^(?:apiVersion|kind|name|namespace|metadata\.(?:name|namespace))$/;
/** How many fields of an object are tried: of rules and boards there are thousands alike. */
const TRIED = 60;

/** The largest object of each kind of staging. */
const ofEachKind = [...Map.groupBy(STAGING, ({ type }) => type)].map(([type, resources]) => {
  const [largest] = resources.toSorted(
    (one, other) => JSON.stringify(other.inputs).length - JSON.stringify(one.inputs).length,
  );
  if (largest === undefined) throw new Error(`There is no ${type}`);
  return [type, largest] as const;
});

function leavesOf(value: unknown, path: PropertyPath = []): readonly PropertyPath[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => leavesOf(one, [...path, index]));
  return isRecord(value)
    ? Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, key]))
    : [path];
}

/** Another value of the same type. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return `${String(value)}x`;
}

function valueIn(value: unknown, path: PropertyPath): unknown {
  return path.reduce<unknown>((found, key) => Reflect.get(found as object, key), value);
}

/** Rules that tell of an object by itself, in place of what the fields would. Source: tools/review/resources/pod-safety.ts. */
const OF_ONE_OBJECT: ReadonlySet<string> = new Set([
  'namespaces-enforce-pod-security',
  'pods-are-restricted',
]);

function kindsToldOf(resource: GivenResource, path: PropertyPath, to: unknown): readonly string[] {
  const inputs = withValue(resource.inputs, path, to) as GivenResource['inputs'];
  const steps = previewSteps([resource], [{ ...resource, inputs }]);
  // Objects that rules hold against each other are not all here.
  const findings = resourceFindings(steps).filter(
    ({ kind, property = '' }) => kind !== 'policy-broken' || OF_ONE_OBJECT.has(property),
  );
  return findings.map(({ kind }) => kind);
}

describe('a field that differs', () => {
  test.each(ofEachKind)('of a %s is told, whichever it is', (_type, resource) => {
    const paths = leavesOf(resource.inputs).filter((path) => !IDENTITY.test(path.join('.')));
    const step = Math.max(1, Math.floor(paths.length / TRIED));
    const tried = paths.filter((_path, index) => index % step === 0);
    const silent = tried.filter((path) => {
      const value = another(valueIn(resource.inputs, path));
      return kindsToldOf(resource, path, value).length === 0;
    });
    expect(silent).toEqual([]);
  });

  test('is told beside another one that is told already', () => {
    const [, cluster] = ofEachKind.find(([type]) => type.endsWith(':Cluster')) ?? [];
    if (cluster === undefined) throw new Error('There is no database');
    const spec = { ...(cluster.inputs['spec'] as object), instances: 5, nobodyKnows: 1 };
    const after = { ...cluster, inputs: { ...cluster.inputs, spec } };
    const told = resourceFindings(previewSteps([cluster], [after])).map(({ kind }) => kind);
    expect(told).toEqual(expect.arrayContaining(['scale-changed', 'unknown-change']));
  });
});
