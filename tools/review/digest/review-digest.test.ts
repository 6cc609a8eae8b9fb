import { describe, expect, test } from '@jest/globals';
import {
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  UNKNOWN_VALUE,
} from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { compareOperations } from './compare-operations.ts';
import { differingProperties } from './differing-properties.ts';
import { withIgnored } from './ignored-inputs.ts';
import { operationsOf } from './planned-operation.ts';
import { digestOf } from './review-digest.ts';
import type { Approvable } from './review-digest.ts';

const PROVIDER = 'urn:pulumi:staging::meridian::pulumi:providers:kubernetes::default_4_34_2';
const secret = (ciphertext: string) => ({
  [SIGNATURE_KEY]: SECRET_SIGNATURE,
  ciphertext,
});

function step(op: string, inputs: object, more: Partial<StepMetadata> = {}): StepMetadata {
  const type = 'kubernetes:core/v1:ConfigMap';
  const urn = `urn:pulumi:staging::meridian::${type}::settings`;
  const state = { inputs: inputs as Record<string, unknown>, provider: `${PROVIDER}::an-id` };
  return { op, urn, type, old: op === 'create' ? null : state, new: state, ...more };
}

const INPUTS = { data: { a: '1', b: '2', key: secret('x') }, place: UNKNOWN_VALUE };

const APPROVABLE: Approvable = {
  stack: 'staging',
  steps: [step('update', INPUTS)],
  fromNothing: [step('create', INPUTS)],
  graphFindings: [
    {
      kind: 'call-added',
      subject: 'search → payments.ListPayments',
      among: 'calls',
      consequence: 'opens a NetworkPolicy',
      at: { file: 'services/search/service.ts', line: 22 },
    },
  ],
  verdicts: [
    {
      level: 'check',
      kind: 'scale-changed',
      subject: 'catalog',
      among: 'services',
      property: 'min replicas',
      before: '2',
      after: '3',
      consequence: 'it carries more',
    },
  ],
};
const [graphFinding, verdict] = [APPROVABLE.graphFindings[0], APPROVABLE.verdicts[0]];
if (graphFinding === undefined || verdict === undefined)
  throw new Error('There is nothing to digest');

/** The same with one thing different. */
function altered(more: Partial<Approvable>): string {
  return digestOf({ ...APPROVABLE, ...more });
}

describe('the digest of a review', () => {
  const digest = digestOf(APPROVABLE);

  test('is of SHA-256, and the same for the same review', () => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(digestOf(structuredClone(APPROVABLE))).toBe(digest);
  });

  test('does not depend on the order of keys, of steps or of findings', () => {
    const shuffled = { place: INPUTS.place, data: { key: secret('x'), b: '2', a: '1' } };
    expect(altered({ fromNothing: [step('create', shuffled)] })).toBe(digest);
    const other = step('same', {}, { urn: 'urn:pulumi:staging::meridian::a:b:C::other' });
    const both = [...APPROVABLE.steps, other];
    expect(altered({ steps: both.toReversed() })).toBe(altered({ steps: both }));
    const findings = [graphFinding, { ...graphFinding, subject: 'audit → orders.ListOrders' }];
    expect(altered({ graphFindings: findings.toReversed() })).toBe(
      altered({ graphFindings: findings }),
    );
  });

  test('does not depend on the locale, the time zone or the folder', () => {
    const { TZ: zone, LC_ALL: locale } = process.env;
    const folder = process.cwd();
    try {
      Object.assign(process.env, { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8' });
      process.chdir('/');
      expect(digestOf(APPROVABLE)).toBe(digest);
    } finally {
      process.chdir(folder);
      Object.assign(process.env, { TZ: zone ?? 'UTC', LC_ALL: locale ?? 'C' });
    }
  });

  test('does not depend on lines, words, ids of providers, or what a secret is', () => {
    const finding = { ...graphFinding, at: { file: 'x.ts', line: 1 }, consequence: 'another' };
    expect(altered({ graphFindings: [finding] })).toBe(digest);
    const given = { ...INPUTS, data: { ...INPUTS.data, key: secret('y') } };
    expect(altered({ fromNothing: [step('create', given)] })).toBe(digest);
    const made = { inputs: INPUTS, provider: `${PROVIDER}::another-id` };
    expect(altered({ steps: [step('update', INPUTS, { new: made })] })).toBe(digest);
  });

  test.each<readonly [string, Partial<Approvable>]>([
    ['another stack', { stack: 'prod' }],
    ['another operation', { steps: [step('replace', INPUTS)] }],
    ['other replacing keys', { steps: [step('replace', INPUTS, { keys: ['data'] })] }],
    ['another resource', { steps: [step('update', INPUTS, { urn: 'urn:pulumi:a::b::c:d:E::f' })] }],
    ['another input', { fromNothing: [step('create', { ...INPUTS, data: { a: '2' } })] }],
    ['an unknown that is known', { fromNothing: [step('create', { ...INPUTS, place: 'a' })] }],
    [
      'a secret that is none',
      { fromNothing: [step('create', { ...INPUTS, data: { ...INPUTS.data, key: 'x' } })] },
    ],
    ['protection', { steps: [step('update', INPUTS, { new: { inputs: INPUTS, protect: true } })] }],
    ['another finding', { graphFindings: [{ ...graphFinding, kind: 'call-removed' }] }],
    ['another verdict', { verdicts: [{ ...verdict, level: 'danger' }] }],
    ['another value', { verdicts: [{ ...verdict, after: '4' }] }],
  ])('is another one for %s', (_what, more) => {
    expect(altered(more)).not.toBe(digest);
  });

  test('holds no replacing key of a resource that is only changed', () => {
    expect(altered({ steps: [step('update', INPUTS, { keys: [] })] })).toBe(digest);
  });
});

describe('what real providers would do', () => {
  const approved = operationsOf(APPROVABLE.steps, APPROVABLE.fromNothing);
  const real = (steps: readonly StepMetadata[]) => compareOperations(approved, operationsOf(steps));
  const { urn } = step('same', {});

  test('is what was approved where the rehearsal knew it', () => {
    expect(real([step('update', { ...INPUTS, place: 'known by now' })])).toEqual({
      differences: [],
    });
  });

  test('may be done already, or not asked for', () => {
    expect(real([step('same', INPUTS)]).differences).toEqual([]);
    expect(real([]).differences).toEqual([]);
  });

  test.each([
    ['another operation', step('replace', INPUTS), 'update', 'replace', []],
    [
      'another value',
      step('update', { ...INPUTS, data: { a: '9' } }),
      'update',
      'update',
      ['data.a', 'data.b', 'data.key'],
    ],
    ['nothing to do, with other values', step('same', { place: 'p' }), 'update', 'same', ['data']],
    [
      'an unknown where a value was',
      step('update', { ...INPUTS, data: UNKNOWN_VALUE }),
      'update',
      'update',
      ['data'],
    ],
  ])('is drift where there is %s', (_what, given, was, is, properties) => {
    const { differences, digest } = real([given]);
    expect(
      differences.map(({ properties: found, ...others }) => ({
        ...others,
        properties: found.map(({ path }) => path),
      })),
    ).toEqual([{ urn, approved: was, real: is, properties }]);
    expect(digest).toMatch(/^sha256:/);
  });

  test('is accepted with its values: another value in the same place is another drift', () => {
    const one = real([step('update', { ...INPUTS, place: 'p', data: 1 })]);
    expect(one.differences[0]?.properties).toEqual([
      { path: 'data', approved: expect.anything(), real: 1 },
    ]);
    expect(real([step('update', { ...INPUTS, place: 'p', data: 2 })]).digest).not.toBe(one.digest);
  });

  test('of a release is what was approved with each input that the provider adds as off or empty', () => {
    const of = (inputs: Readonly<Record<string, unknown>>) =>
      operationsOf([{ ...step('same', inputs), type: 'kubernetes:helm.sh/v3:Release' }]);
    const given = { chart: './c', atomic: true, values: { a: false, b: '' } };
    const added = { ...given, lint: false, keyring: '', description: null };
    expect(compareOperations(of({ ...given, compat: 'true' }), of(added)).digest).toBeUndefined();
    for (const other of [
      { ...given, atomic: false },
      { ...given, skipAwait: true },
      { ...given, values: { b: '' } },
    ]) {
      expect(compareOperations(of(given), of(other)).digest).toBeDefined();
    }
  });

  test('is drift where nobody approved anything of a resource, under a digest of its own', () => {
    const other = { urn: 'urn:pulumi:staging::meridian::a:b:C::other' };
    const [one, two] = [real([step('delete', {}, other)]), real([step('update', { x: 1 }, other)])];
    expect(one.differences).toEqual([
      { ...other, approved: 'none', real: 'delete', properties: [] },
    ]);
    expect(one.digest).not.toBe(two.digest);
  });

  test('is drift where it would no longer be protected', () => {
    const state = { inputs: INPUTS, protect: true };
    const held = operationsOf([step('same', INPUTS, { new: state })]);
    expect(compareOperations(held, operationsOf([step('same', INPUTS)])).differences).toEqual([
      expect.objectContaining({ properties: [{ path: 'protect', approved: true, real: false }] }),
    ]);
  });
});

describe('two runs of a program', () => {
  test('agree where what differs is unknown to one of them, or a secret', () => {
    const other = {
      ...INPUTS,
      place: { of: 'a cluster' },
      data: { ...INPUTS.data, key: secret('y') },
    };
    expect(differingProperties([step('create', INPUTS)], [step('update', other)])).toEqual({
      properties: [],
      count: 0,
    });
  });

  test('are told by three properties, and how many there are', () => {
    const [one, other] = [
      { a: 1, b: [1, 2], c: { d: 1 }, e: 1 },
      { a: 2, b: [1, 3], c: { d: 2 }, e: 2 },
    ];
    expect(differingProperties([step('create', one)], [step('update', other)])).toEqual({
      properties: ['settings: a', 'settings: b[1]', 'settings: c.d'],
      count: 4,
    });
  });

  test('differ where only one declares a resource', () => {
    expect(differingProperties([step('create', {})], [])).toEqual({
      properties: ['settings: only one run declares it'],
      count: 1,
    });
  });
});

describe('objects of a cluster that is not there yet', () => {
  const policy = (spec: object) =>
    step('create', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec });
  const secretOf = (fields: object) =>
    step('create', { apiVersion: 'v1', kind: 'Secret', ...fields });
  const written = policy({ ingress: [], egress: [{ ports: [], to: [{ podSelector: {} }] }] });
  const kept = policy({ egress: [{ to: [{ podSelector: {} }] }] });

  test('are the same as the program writes them and as the provider keeps them', () => {
    expect(differingProperties([written], [kept])).toEqual({ properties: [], count: 0 });
    expect(operationsOf([written])).toEqual(operationsOf([kept]));
    const given = secretOf({ stringData: { password: UNKNOWN_VALUE } });
    const encoded = secretOf({ data: '[secret]' });
    expect(differingProperties([given], [encoded])).toEqual({ properties: [], count: 0 });
    expect(operationsOf([given])).toEqual(operationsOf([encoded]));
  });

  test('differ where they are others, and so does what no API server drops', () => {
    expect(differingProperties([written], [policy({ egress: [] })]).count).toBe(1);
    expect(differingProperties([secretOf({})], [secretOf({ data: '[secret]' })]).count).toBe(1);
    const rule = (ports: object) => step('create', ports);
    expect(differingProperties([rule({ ports: [] })], [rule({})]).count).toBe(1);
  });
});

describe('what stays as it is deployed', () => {
  const type = 'kubernetes:core/v1:ConfigMap';
  const ignored = [
    { type, name: 'settings', properties: ['data.size', 'ports[0].to', 'all[*].a'] },
  ];
  const sized = (size: number) => ({
    data: { size, other: 1 },
    ports: [{ to: size }],
    all: [size],
  });
  const [given, kept] = [step('create', sized(1)), step('same', sized(2))];

  test('is told by neither run, and a deployment that has another value of it is as approved', () => {
    expect(differingProperties([given], [kept]).count).toBeGreaterThan(0);
    const known = withIgnored([given], [kept], ignored);
    expect(differingProperties(known, [kept])).toEqual({ properties: [], count: 0 });
    const approved = operationsOf([kept], known);
    expect(compareOperations(approved, operationsOf([step('same', sized(3))])).differences).toEqual(
      [],
    );
    const other = { ...sized(3), data: { size: 3, other: 2 } };
    expect(
      compareOperations(approved, operationsOf([step('same', other)])).differences,
    ).toHaveLength(1);
  });

  test('is as the program says where it is made', () => {
    expect(withIgnored([given], [step('create', sized(1))], ignored)).toEqual([given]);
  });
});
