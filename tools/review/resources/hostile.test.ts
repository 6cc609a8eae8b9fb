import { describe, expect, test } from '@jest/globals';
import { withValue } from '@meridian/policies/testing/with-value.ts';
import type { PropertyPath } from '@meridian/provider-rehearsal/provider/property-path.ts';
import fc from 'fast-check';
import {
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  UNKNOWN_VALUE,
} from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
import { codePoint } from '../../../tests/code-point.ts';
import { operationsOf } from '../digest/planned-operation.ts';
import { STAGING } from '../corpus/testing/staging-resources.ts';
import { KINDS } from './kind-table.ts';
import { LOCAL_KINDS } from './local-kinds.ts';
import { resourceFindings } from './resource-findings.ts';

/** What a secret would be, were it told. */
const PLANTED = 'planted-secret-value';
const secret = {
  [SIGNATURE_KEY]: SECRET_SIGNATURE,
  ciphertext: PLANTED,
  value: PLANTED,
};

/** Types of staging, of this machine and of nobody. */
const types = [
  ...new Set(STAGING.map(({ type }) => type)),
  ...Object.keys(LOCAL_KINDS).map((kind) => `meridian-local:${kind}`),
  ...Object.keys(KINDS).map((kind) => `kubernetes:${kind.replace(':', '/v1:')}`),
  'aws:ec2/vpc:Vpc',
];

/** Names that tables look for, among those of anybody and those that a language gives a meaning. */
const key = fc.oneof(
  fc.constantFrom(
    'spec',
    'metadata',
    'data',
    'rules',
    'values',
    'name',
    'ingress',
    'from',
    'config',
  ),
  fc.constantFrom(
    'subjects',
    'labels',
    'annotations',
    'template',
    'rules.yml',
    'a"b',
    '',
    '__proto__',
    'toString',
    'valueOf',
  ),
  fc.string({ maxLength: 5 }),
);
const leaf = fc.oneof(
  fc.string({ maxLength: 20, unit: codePoint }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, secret, '-1', '7d', '{', 'groups: [{rules: [1]}]', UNKNOWN_VALUE),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const inputs = fc.dictionary(key, value, { maxKeys: 5 });
const op = fc.constantFrom('create', 'update', 'replace', 'delete', 'same');

/** An object of every kind of staging, and a place in it. */
const placed = fc
  .constantFrom(...new Map(STAGING.map((resource) => [resource.type, resource])).values())
  .chain((resource) =>
    fc.tuple(fc.constant(resource), fc.constantFrom(...leavesOf(resource.inputs))),
  );

function leavesOf(found: unknown, path: PropertyPath = []): readonly PropertyPath[] {
  if (typeof found !== 'object' || found === null) return [path];
  const members = Array.isArray(found) ? [...found.entries()] : Object.entries(found);
  return members.flatMap(([member, below]) => leavesOf(below, [...path, member]));
}

describe('whatever a program gives its resources', () => {
  test('is reviewed without an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), op, inputs, inputs, (type, operation, old, now) => {
        const urn = `urn:pulumi:staging::meridian::${type}::one`;
        const steps = [
          {
            ...{ op: operation, urn, type },
            old: operation === 'create' ? null : { inputs: old },
            new: operation === 'delete' ? null : { inputs: now },
          },
        ];
        expect(JSON.stringify(resourceFindings(steps))).not.toContain(PLANTED);
        expect(JSON.stringify(operationsOf(steps))).not.toContain(PLANTED);
      }),
      { numRuns: 300 },
    );
  });

  test('is told without what it keeps secret, wherever that is', () => {
    fc.assert(
      fc.property(placed, fc.boolean(), ([{ type, inputs: given }, path], isNew) => {
        const kept = { inputs: withValue(given, path, secret) as typeof given };
        const [old, now] = isNew ? [{ inputs: given }, kept] : [kept, { inputs: given }];
        const urn = `urn:pulumi:staging::meridian::${type}::one`;
        const findings = resourceFindings([{ op: 'update', urn, type, old, new: now }]);
        expect(JSON.stringify(findings)).not.toContain(PLANTED);
      }),
      { numRuns: 300 },
    );
  });
});
