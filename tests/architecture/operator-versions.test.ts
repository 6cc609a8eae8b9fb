import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { operators } from '@meridian/components/cluster/operators.ts';
import {
  isWithin,
  kubeVersionOf,
  SUPPORTED_KUBERNETES,
} from '@meridian/components/cluster/supported-kubernetes.ts';
import { KUBERNETES_ENGINES } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import { KAFKA_VERSION } from '@meridian/components/kafka/kubernetes/strimzi.ts';
import { sampleClusterContext } from '@meridian/components/testing/sample-cluster.ts';
import { engineVersions } from '../../tools/engines/versions.ts';
import { KUBERNETES, OPERATORS, STRIMZI } from '../../tools/generators/manifest-schemas/sources.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
/** With what is only there where PostgreSQL has a bucket of backups. */
const backup = {
  uri: 'https://s3.example',
  region: 'eu-1',
  bucket: 'copies',
  networks: [],
  secret: 'keys',
  retentionDays: 30,
  schedule: '0 0 3 * * *',
};
const pinned = operators({
  ...sampleClusterContext({ postgres: { backup } }),
  engines: KUBERNETES_ENGINES,
});
const released = Object.fromEntries(
  pinned.map(({ chart, release }) => [chart.name, release.version]),
);
const { newest } = SUPPORTED_KUBERNETES;

/** Operators that run in tests as a cluster would have them. */
const RUN_AS_PINNED = [
  'argo-rollouts',
  'cert-manager',
  'envoy-gateway',
  'keda',
  'trust-manager',
] as const;

/** The rows of the table of a page that begins with a header, cell by cell. */
function tableOf(file: string, header: readonly string[]): readonly (readonly string[])[] {
  const rows = readFileSync(path.join(root, 'docs', file), 'utf8')
    .split('\n')
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
  const begin = rows.findIndex((cells) => cells.join() === header.join());
  const after = rows.slice(begin + 2);
  return after.slice(
    0,
    after.findIndex((cells) => cells.length === 0),
  );
}

describe('the versions of operators', () => {
  test('are the same where they are deployed, rehearsed and run in tests', () => {
    const { 'eck-operator': eck, strimzi, 'csi-driver-spiffe': driver, ...others } = released;
    // The driver has no kind of its own.
    expect(driver).toBeDefined();
    const rehearsed = Object.entries(OPERATORS).map(([name, { version }]) => [name, version]);
    expect(Object.fromEntries(rehearsed)).toEqual({ ...others, elasticsearch: eck });
    expect(STRIMZI).toMatchObject({
      classes: { version: strimzi },
      generator: { version: strimzi },
    });
    for (const name of RUN_AS_PINNED) {
      expect([name, engineVersions[name].version]).toEqual([name, released[name]]);
    }
    expect(engineVersions.eck.version).toBe(eck);
    // Its newest patch cannot be built from the Go proxy.
    const minorOf = (version = ''): string => version.split('.').slice(0, 2).join('.');
    expect(minorOf(engineVersions['cloudnative-pg'].version)).toBe(
      minorOf(released['cloudnative-pg']),
    );
  });

  test('support every Kubernetes that the platform is deployed to, as far as they say', () => {
    for (const { chart, release } of pinned) {
      const { kubernetes = SUPPORTED_KUBERNETES } = release;
      expect([chart.name, isWithin(SUPPORTED_KUBERNETES, kubernetes)]).toEqual([chart.name, true]);
    }
  });

  test('are in docs/deploying.md, with what they support and who says so', () => {
    const header = ['program', 'version', 'chart', 'Kubernetes', 'said by'];
    expect(tableOf('deploying.md', header)).toEqual(
      pinned.map(({ chart, release: { version, kubernetes, source } }) => [
        chart.name,
        version,
        chart.version,
        kubernetes === undefined ? 'not said' : `${kubernetes.oldest} to ${kubernetes.newest}`,
        `<${source}>`,
      ]),
    );
  });

  test('each end a step of docs/upgrades.md', () => {
    const header = ['part', 'from → to', 'restarts', 'of CRDs and objects', 'the way back'];
    const steps = new Map(
      tableOf('upgrades.md', header).map(([part = '', step = '']) => [part, step.split(' → ')[1]]),
    );
    const wanted = { ...released, Kubernetes: newest, Kafka: KAFKA_VERSION };
    for (const [part, version] of Object.entries(wanted)) {
      expect([part, steps.get(part)]).toEqual([part, version]);
    }
  });
});

describe('the version of Kubernetes', () => {
  test('is the newest supported one where objects are rehearsed and tests run', () => {
    expect(KUBERNETES.version).toMatch(new RegExp(`^${newest}\\.\\d+$`));
    expect(engineVersions.kubernetes.version).toBe(KUBERNETES.version);
  });

  test('is a range to Helm that ends before the next minor version', () => {
    expect(kubeVersionOf({ oldest: '1.9', newest: '1.36' })).toBe('>=1.9.0-0 <1.37.0-0');
  });

  test.each([
    ['1.35', '1.36', true],
    ['1.34', '1.40', true],
    ['1.36', '1.36', false],
    ['1.30', '1.35', false],
    // Text would call 1.9 the newer one.
    ['1.9', '1.36', true],
  ])('1.35 and 1.36 are within %s to %s: %s', (oldest, last, expected) => {
    const range = { oldest: '1.35', newest: '1.36' };
    expect(isWithin(range, { oldest, newest: last })).toBe(expected);
  });
});
