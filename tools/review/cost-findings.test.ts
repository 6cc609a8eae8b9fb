import { describe, expect, test } from '@jest/globals';
import { dollars } from '../cost/cost-text.ts';
import { readPrices } from '../cost/prices.ts';
import type { EventState, StepMetadata } from '../meridian/rehearsal/engine-events.ts';
import { costReview } from './cost-findings.ts';

const step = (
  type: string,
  name: string,
  old: object | undefined,
  wanted: object | undefined,
): StepMetadata => {
  const state = (inputs: object | undefined): EventState | null =>
    inputs === undefined ? null : { inputs: { ...inputs } };
  const op = old === undefined ? 'create' : wanted === undefined ? 'delete' : 'update';
  const urn = `urn:pulumi:prod::meridian::${type}::${name}`;
  return { op, urn, type, old: state(old), new: state(wanted) };
};

const region = { region: 'us-east-1' };
const PROVIDER = step('pulumi:providers:aws', 'default', region, region);
const nodes = (of: number) => ({ instanceTypes: ['m7g.large'], scalingConfig: { minSize: of } });
const NODES = 'aws:eks/nodeGroup:NodeGroup';

/** So many machines for a month, as the table of the program has it now. */
const machines = (count: number): number => {
  const hour = Number(readPrices().of('ec2.m7g.large', 'us-east-1')?.price_usd);
  return Math.round(hour * 730 * count * 100);
};

test('a tenth more is for somebody to check, with what makes the difference', () => {
  const { findings, said } = costReview('prod', [PROVIDER, step(NODES, 'a', nodes(2), nodes(4))]);
  const more = dollars(machines(4) - machines(2));
  expect(findings).toMatchObject([
    {
      kind: 'cost-up',
      before: `at least ${dollars(machines(2))}`,
      after: `at least ${dollars(machines(4))}`,
      consequence: `+${more} a month: machines of m7g.large +${more}`,
    },
  ]);
  expect(said).toContain(
    `A MONTH: ${dollars(machines(4))} a month in us-east-1, by list prices put together on 20`,
  );
});

test('less is a note, and the same is nothing', () => {
  const { findings } = costReview('prod', [PROVIDER, step(NODES, 'a', nodes(4), nodes(2))]);
  expect(findings).toMatchObject([
    { kind: 'cost-changed', consequence: expect.stringMatching(/^-\$/) as unknown },
  ]);
  expect(costReview('prod', [PROVIDER, step(NODES, 'a', nodes(2), nodes(2))]).findings).toEqual([]);
});

test('what is new and has no price is for somebody to check', () => {
  const kept = step(NODES, 'a', nodes(2), nodes(2));
  const added = step('aws:s3/bucket:Bucket', 'traces', undefined, {});
  expect(costReview('prod', [PROVIDER, kept, added]).findings).toMatchObject([
    { kind: 'cost-up', consequence: 'by what has no price here: objects in buckets' },
  ]);
});

test('more of what has no price is for somebody to check, and less of it a note, though no sum tells of it', () => {
  const brokers = (count: number) =>
    step(
      'aws:msk/cluster:Cluster',
      'kafka',
      ...([3, count].map((numberOfBrokerNodes) => ({
        numberOfBrokerNodes,
        brokerNodeGroupInfo: { instanceType: 'kafka.m7g.unlisted' },
      })) as [object, object]),
    );
  const told = (count: number) =>
    costReview('prod', [PROVIDER, brokers(count)]).findings.map(({ kind, consequence }) => [
      kind,
      consequence,
    ]);
  const what = 'brokers of Kafka of kafka.m7g.unlisted, which has no price here';
  expect(told(6)).toEqual([['cost-up', `${what}: 3 → 6`]]);
  expect(told(2)).toEqual([['cost-changed', `${what}: 3 → 2`]]);
  expect(told(3)).toEqual([]);
});

test('a stack without a cloud costs nothing that has a price', () => {
  expect(costReview('staging', [step('kubernetes:v1:ConfigMap', 'a', {}, {})])).toEqual({
    findings: [],
    said: 'COST: nothing of this stack has a price',
  });
});

describe('what has a price on one side alone', () => {
  const brokers = (size: string) => ({
    numberOfBrokerNodes: 3,
    brokerNodeGroupInfo: { instanceType: `kafka.m7g.${size}` },
  });
  const change = (from: string, to: string) =>
    costReview('prod', [
      PROVIDER,
      step(NODES, 'a', nodes(4), nodes(2)),
      step('aws:msk/cluster:Cluster', 'kafka', brokers(from), brokers(to)),
    ]).findings;
  const less = dollars(machines(4) - machines(2));
  const hour = Number(readPrices().of('msk.standard.m7g.large.hour', 'us-east-1')?.price_usd);
  const kafka = Math.round(hour * 730 * 3 * 100);

  test('is not told as a saving where it has none any more', () => {
    expect(change('large', 'unlisted')).toMatchObject([
      {
        kind: 'cost-up',
        before: `at least ${dollars(machines(4) + kafka)}`,
        after: `at least ${dollars(machines(2))} without brokers of Kafka`,
        consequence: `brokers of Kafka: ${dollars(kafka)} → not known, besides -${less} a month: machines of m7g.large -${less}`,
      },
    ]);
  });

  test('is not told as dearer where it had none', () => {
    expect(change('unlisted', 'large')).toMatchObject([
      {
        kind: 'cost-up',
        before: `at least ${dollars(machines(4))} without brokers of Kafka`,
        after: `at least ${dollars(machines(2) + kafka)}`,
        consequence: `brokers of Kafka: not known → ${dollars(kafka)}, besides -${less} a month: machines of m7g.large -${less}`,
      },
    ]);
  });

  test('is a whole region that there are no prices of', () => {
    const elsewhere = { region: 'eu-west-1' };
    const { findings, said } = costReview('prod', [
      step('pulumi:providers:aws', 'default', region, elsewhere),
      step(NODES, 'a', nodes(2), nodes(2)),
    ]);
    expect(findings).toMatchObject([
      {
        kind: 'cost-up',
        before: `at least ${dollars(machines(2))}`,
        after: 'not known: no prices of region eu-west-1',
      },
    ]);
    expect(said).toBe(
      'A MONTH: not known: no prices of region eu-west-1 (npm run prices -- --region eu-west-1)',
    );
  });
});
