import { describe, expect, test } from '@jest/globals';
import {
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  UNKNOWN_VALUE,
} from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
import type { EventState, StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { resourceFindings } from './resource-findings.ts';
import { resourceTotals } from './resource-totals.ts';
import { ruleFindings } from './rule-findings.ts';

function step(
  op: string,
  type: string,
  old: EventState | null,
  wanted: EventState | null,
): StepMetadata {
  return { op, urn: `urn:pulumi:prod::meridian::${type}::one`, type, old, new: wanted };
}

function kindsOf(...steps: readonly StepMetadata[]): readonly (readonly string[])[] {
  return resourceFindings(steps).map(({ kind, subject, property = '' }) => [
    kind,
    subject,
    property,
  ]);
}

describe('what nobody knows', () => {
  test('may be replaced by a change, and is unknown where it is new or goes', () => {
    const queue = 'aws:sqs/queue:Queue';
    const [one, other] = [{ inputs: { name: 'a' } }, { inputs: { name: 'b' } }];
    expect(kindsOf(step('update', queue, one, other))).toEqual([
      ['may-replace', 'Queue one', 'name'],
    ]);
    expect(kindsOf(step('create', queue, null, one))).toEqual([
      ['unknown-change', 'Queue one', ''],
    ]);
    expect(kindsOf(step('delete', queue, one, null))).toEqual([
      ['unknown-change', 'Queue one', ''],
    ]);
  });

  test('is told with what stood there and what stands, some places one by one', () => {
    const of = (...values: readonly number[]) => ({
      inputs: Object.fromEntries(values.map((value, place) => [`p${place}`, value])),
    });
    const type = 'kubernetes:example.org/v1:Gadget';
    const findings = resourceFindings([
      step('update', type, of(1, 2, 3, 4, 5), of(6, 7, 8, 9, 10)),
    ]);
    expect(findings.map(({ property, before, after }) => [property, before, after])).toEqual([
      ['p0', '1', '6'],
      ['p1', '2', '7'],
      ['p2', '3', '8'],
      ['p3, p4', undefined, undefined],
    ]);
  });

  test('is an unknown change of a kind that an operator brings', () => {
    const type = 'kubernetes:example.org/v1:Gadget';
    expect(kindsOf(step('update', type, { inputs: { a: 1 } }, { inputs: { a: 2 } }))).toEqual([
      ['unknown-change', 'Gadget one', 'a'],
    ]);
  });

  test('is not assessed where it is read or taken over', () => {
    expect(kindsOf(step('read', 'aws:ec2/vpc:Vpc', null, { inputs: {} }))).toEqual([
      ['not-assessed', 'aws:ec2/vpc:Vpc one', 'read'],
    ]);
  });
});

describe('providers', () => {
  const type = 'pulumi:providers:aws';

  test('are told by what they are given, whatever the engine says', () => {
    const [one, other] = [{ inputs: { region: 'a' } }, { inputs: { region: 'b' } }];
    expect(resourceFindings([step('same', type, one, other)])).toMatchObject([
      { kind: 'provider-changed', property: 'region', before: 'a', after: 'b' },
    ]);
  });

  test('are told once where resources are made by another one', () => {
    const of = (version: string) => ({
      inputs: {},
      provider: `urn:pulumi:prod::meridian::pulumi:providers:kubernetes::${version}::an-id`,
    });
    const topic = step(
      'same',
      'kubernetes:core/v1:Namespace',
      of('default_4_34_2'),
      of('default_5_0_0'),
    );
    const other = { ...topic, urn: `${topic.urn}2` };
    expect(resourceFindings([topic, other])).toMatchObject([
      {
        kind: 'provider-changed',
        before: 'kubernetes default_4_34_2',
        after: 'kubernetes default_5_0_0',
        consequence: expect.stringMatching(/^2 resources/),
      },
    ]);
  });

  /** What is deployed by one provider, and now by another one that is told something else. */
  const moved = (op: string, inputs: object) => {
    const place = 'urn:pulumi:prod::meridian::pulumi:providers:aws';
    const providers = ['east', 'west'].map((name) => {
      const state = { inputs: name === 'east' ? {} : { ...inputs } };
      return { ...step('same', type, state, state), urn: `${place}::${name}` };
    });
    const by = (name: string) => ({ inputs: {}, provider: `${place}::${name}::an-id` });
    const topic = step(op, 'aws:sns/topic:Topic', by('east'), by('west'));
    return resourceFindings([...providers, topic])
      .filter(({ subject }) => subject === 'provider')
      .map(({ kind }) => kind);
  };

  test('are a danger where what stays is looked for elsewhere', () => {
    const elsewhere = ['made-elsewhere', 'provider-changed'];
    expect(moved('same', { profile: 'other' })).toEqual(elsewhere);
    expect(moved('update', { assumeRoles: '[]' })).toEqual(elsewhere);
    // The region of each resource says so itself.
    expect(moved('update', { region: 'b' })).toEqual(['provider-changed']);
    expect(moved('replace', { profile: 'other' })).toEqual(['provider-changed']);
    expect(moved('same', {})).toEqual(['provider-changed']);
  });

  test('are told apart by where they are declared, not by their names alone', () => {
    const by = (parent: string) => ({
      inputs: {},
      provider: `urn:pulumi:prod::meridian::${parent}$pulumi:providers:aws::aws::an-id`,
    });
    expect(
      resourceFindings([step('same', 'aws:sns/topic:Topic', by('one'), by('two'))]),
    ).toMatchObject([
      { kind: 'provider-changed', consequence: '1 resource is made by another one' },
    ]);
  });
});

describe('secrets', () => {
  const secret = { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: 'c1ph3r' };
  const state = (data: unknown) => ({
    inputs: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, data },
  });

  test('are told by the key that differs, as the provider saw it, and by nothing of them', () => {
    const findings = resourceFindings([
      {
        ...step('replace', 'kubernetes:core/v1:Secret', state(secret), state(secret)),
        detailedDiff: { 'data["api-key"]': { diffKind: 'update', inputDiff: true } },
        keys: ['data["api-key"]'],
      },
    ]);
    expect(findings).toMatchObject([{ kind: 'secret-changed', property: 'data["api-key"]' }]);
    expect(JSON.stringify(findings)).not.toContain('c1ph3r');
  });
});

describe('rules', () => {
  const type = 'kubernetes:kafka.strimzi.io/v1:KafkaTopic';
  const topic = (replicas: number): EventState => ({
    protect: true,
    inputs: {
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaTopic',
      metadata: { name: 'orders', namespace: 'data' },
      spec: { replicas, config: { 'min.insync.replicas': 2, 'retention.ms': 604_800_000 } },
    },
  });

  test('that the base breaks are counted, and those that only the head breaks are told', () => {
    const held: ReadonlySet<string> = new Set();
    expect(ruleFindings([step('same', type, topic(2), topic(2))], held)).toEqual({
      findings: [],
      olderViolations: { 'records-have-three-copies': 1 },
    });
    const { findings, olderViolations } = ruleFindings(
      [step('update', type, topic(3), topic(2))],
      held,
    );
    expect(olderViolations).toEqual({});
    expect(findings).toMatchObject([
      {
        kind: 'policy-broken',
        subject: 'KafkaTopic data/orders',
        property: 'records-have-three-copies',
        after: 'replicas must be at least 3, got 2',
      },
    ]);
  });

  test('are held to what was protected before the preview', () => {
    const unprotected = { ...topic(3), protect: false };
    const given = step('same', type, unprotected, unprotected);
    expect(ruleFindings([given], new Set([given.urn])).findings).toHaveLength(1);
    expect(ruleFindings([given], new Set()).findings).toEqual([]);
  });
});

test('resources are counted by what becomes of them', () => {
  const type = 'kubernetes:core/v1:Namespace';
  const steps = ['create', 'update', 'replace', 'delete', 'same', 'same'].map((op, index) => ({
    ...step(op, type, op === 'create' ? null : {}, op === 'delete' ? null : {}),
    urn: `urn:pulumi:prod::meridian::${type}::${index}`,
  }));
  expect(resourceTotals(steps)).toEqual({ replaced: 1, changed: 1, new: 1, deleted: 1, same: 2 });
});

test('what is made again has what makes it so, or that it refers to what is', () => {
  const vpc = (inputs: object) => ({ inputs: { ...inputs } });
  const clueOf = (keys: readonly string[], type: string, old: object, wanted: object) =>
    resourceFindings([{ ...step('replace', type, vpc(old), vpc(wanted)), keys }]).flatMap(
      ({ kind, clue }) => (kind === 'data-replaced' || kind === 'replaced' ? [clue] : []),
    );
  const cidrs = ['10.64.0.0/16', '10.80.0.0/16'] as const;
  expect(
    clueOf(['cidrBlock'], 'aws:ec2/vpc:Vpc', { cidrBlock: cidrs[0] }, { cidrBlock: cidrs[1] }),
  ).toEqual([{ property: 'cidrBlock', before: cidrs[0], after: cidrs[1] }]);
  const same = { vpcId: 'vpc-1' };
  expect(clueOf(['vpcId'], 'aws:ec2/subnet:Subnet', same, same)).toEqual([
    { property: 'vpcId', before: 'the one before', after: UNKNOWN_VALUE },
  ]);
});
