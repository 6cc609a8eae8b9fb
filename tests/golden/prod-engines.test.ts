import { describe, expect, test } from '@jest/globals';
import { grantsOf, stack } from '../charts/lowered-prod.ts';
import { chartReference } from '@meridian/components/kubernetes/chart-reference.ts';
import { chartsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { EXPORTER } from '@meridian/components/observability/aws/cloudwatch-exporter.ts';
import { recordedPins } from '../../stacks/pins.ts';
import { goldenText } from './golden-file.ts';

/** Certificates of authorities, of kilobytes each; aws/certificates.test.ts looks at them. */
const withoutCertificates = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith('-----BEGIN CERTIFICATE-----')
    ? 'certificates'
    : value;

/** Without objects of the cluster, which are those of any cluster for the most part. */
const withoutObjects = (lowered: object): object =>
  Object.fromEntries(Object.entries(lowered).filter(([name]) => name !== 'steps'));

describe('what production stands on', () => {
  test.each(['network', 'cluster', 'edge'] as const)('is for %s what was reviewed', (noun) => {
    const { given, golden } = goldenText(`prod/${noun}`, withoutObjects(stack[noun]));
    expect(given).toBe(golden);
  });
});

describe('the engines of production', () => {
  test.each(['postgres', 'redis', 'kafka'] as const)('are for %s what was reviewed', (noun) => {
    const shown: unknown = JSON.parse(JSON.stringify(stack[noun], withoutCertificates));
    const { given, golden } = goldenText(`prod/${noun}`, shown);
    expect(given).toBe(golden);
  });

  test('keep lines and traces in what was reviewed', () => {
    const { given, golden } = goldenText('prod/telemetry-store', stack.observability.store);
    expect(given).toBe(golden);
  });

  test('are told of by AWS as was reviewed', () => {
    const { exporter, steps } = stack.observability;
    const objects = steps
      .flatMap(({ manifests = [] }) => manifests)
      .filter(({ metadata }) => metadata.name.startsWith(EXPORTER));
    const { given, golden } = goldenText('prod/cloudwatch-exporter', { exporter, objects });
    expect(given).toBe(golden);
  });

  test('keep heads of the audit log in what was reviewed', () => {
    const { given, golden } = goldenText('prod/externals-buckets', stack.externals.buckets);
    expect(given).toBe(golden);
  });
});

test('production takes no chart and no image of others that stacks/pins.json does not list', () => {
  const listed = recordedPins().map(({ reference }) => reference);
  const registry = 'registry.example/';
  const images = stack.images.map(({ reference }) => reference);
  const taken = [...chartsOf(stack).map(chartReference), ...images];
  expect(taken.filter((one) => !one.startsWith(registry) && !listed.includes(one))).toEqual([]);
});

test('what pods of production may use of AWS is said by one role for each, as they can have no second one', () => {
  const granted = stack.kafka.principals
    .filter(({ besides }) => besides.Statement.length > 0)
    .map(({ name }) => name);
  expect(granted).toEqual(['audit']);
  const users = stack.services
    .filter(({ name }) => grantsOf(name).length > 0)
    .map(({ name }) => name);
  expect(users).toEqual(granted);
});
