import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CLOUD_METRICS } from '@meridian/language/cloud-metrics.ts';
import type { ClusterObject } from '@meridian/components/kubernetes/manifest.ts';
import { compareText } from '@meridian/components/model/order.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { cloudWatchSettings } from '@meridian/components/observability/aws/cloud-watch-settings.ts';
import {
  EXPORTER,
  exporterPolicy,
} from '@meridian/components/observability/aws/cloudwatch-exporter.ts';
import { PERIOD_SECONDS, WATCHED } from '@meridian/components/observability/aws/watched-metrics.ts';
import { prodGraph, prodSettingsOfNobody, stack } from '../charts/lowered-prod.ts';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { cloudwatchExporterCommand } from '../../tools/engines/judges.ts';
import { cloudWatchStandIn } from './cloudwatch/cloudwatch-stand-in.ts';
import type { Account, CloudWatchStandIn, Dimensions } from './cloudwatch/cloudwatch-stand-in.ts';

/*
 * The exporter itself, as production's manifests start it, against a stand-in of STS and CloudWatch: which names and labels it
 * gives what AWS tells, which is what rules read, and what it asks for, which is what its role may. It is built by
 * `npm run test:long`.
 */

const command = cloudwatchExporterCommand(cacheFolder());
const folder = mkdtempSync(path.join(tmpdir(), 'meridian-cloudwatch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const objects: readonly ClusterObject[] = stack.observability.steps
  .flatMap(({ manifests = [] }) => manifests)
  .filter(({ metadata }) => metadata.name.startsWith(EXPORTER));
const ofKind = (kind: string) => objects.find((one) => one.kind === kind);
const [configuration = ''] = Object.values(
  ofKind('ConfigMap')?.['data'] as Readonly<Record<string, string>>,
);
const {
  containers: [{ args, env }],
} = (
  ofKind('Deployment')?.['spec'] as {
    readonly template: {
      readonly spec: {
        readonly containers: readonly [
          { readonly args: string[]; readonly env: { name: string; value: string }[] },
        ];
      };
    };
  }
).template.spec;

/** As AWS names them in production. */
const NAMES: Dimensions = {
  DBInstanceIdentifier: 'meridian-prod-postgres-instance-1',
  BackupVaultName: 'postgres-1a2b3c4',
  'Cluster Name': 'meridian-prod',
  'Broker ID': '1',
  CacheClusterId: 'redis-1a2b3c4-001',
  AvailabilityZone: 'us-east-1a',
  LoadBalancer: 'net/edge-1a2b3c4/50dc6c495c0c9188',
  TargetGroup: 'targetgroup/meridian-prod-edge-0a1b2c3d/73e2d6bc24d8a067',
  NatGatewayId: 'nat-1234567890abcdef0',
  ClusterName: 'meridian-prod',
};

/** Of one metric AWS has told nothing. */
const UNTOLD = 'AWS/RDS ReplicaLag';

/** What AWS adds up over classes and over everything. */
const SUMS = [
  { of: { DatabaseClass: 'db.m6gd.large' }, value: 77 },
  { of: {}, value: 78 },
] as const;

/** Every metric that is watched, with its sums. */
const account: Account = Object.fromEntries(
  WATCHED.flatMap(({ namespace, dimensions, metrics }) =>
    metrics.map(({ metric }, place) => {
      const of = Object.fromEntries(dimensions.map((name) => [name, NAMES[name] ?? '']));
      const name = `${namespace} ${metric}`;
      const own = name === UNTOLD ? { of } : { of, value: place + 1 };
      return [name, [own, ...SUMS]];
    }),
  ),
);

interface Shown {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Series in the text format of Prometheus. */
const seriesIn = (text: string): readonly Shown[] =>
  [...text.matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)$/gm)].map(
    ([, name = '', labels = '', value = '']) => ({
      ...{ name, value },
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text]),
      ),
    }),
  );

/** Starts it as its manifest does, but for where its file is, where it listens and who answers. */
async function exporter(
  clouds: CloudWatchStandIn,
  given: readonly string[] = args,
): Promise<AsyncDisposable & { readonly shown: () => Promise<readonly Shown[]> }> {
  const file = path.join(folder, 'config.yml');
  writeFileSync(file, configuration);
  const port = await freePort('127.0.0.1');
  const own = given.map((one) =>
    one
      .replace(/^--config\.file=.*/, `--config.file=${file}`)
      .replace(/^--listen-address=.*/, `--listen-address=127.0.0.1:${port}`),
  );
  const child = spawn(command, own, {
    stdio: 'ignore',
    env: {
      ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
      ...{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'nobody' },
      AWS_ENDPOINT_URL: clouds.url,
    },
  });
  return {
    shown: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      return seriesIn(await response.text());
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const isTold = ({ name }: Shown): boolean => name.startsWith('aws_');

/** A round takes as long as the exporter tries the door of IAM, five times with pauses. */
const ROUND_MS = 60_000;

const isBuilt = existsSync(command);
const describeBuilt = isBuilt ? describe : describe.skip;

describeBuilt(`the exporter of CloudWatch${isBuilt ? '' : ' (it is not built here)'}`, () => {
  let clouds: CloudWatchStandIn;
  let told: readonly Shown[] = [];

  beforeAll(async () => {
    clouds = await cloudWatchStandIn(account);
    await using running = await exporter(clouds);
    told = await eventually(async () => {
      const shown = (await running.shown()).filter(isTold);
      expect(shown).not.toEqual([]);
      return shown;
    }, ROUND_MS);
  }, 2 * ROUND_MS);
  afterAll(async () => {
    await clouds[Symbol.asyncDispose]();
  });

  test('takes its configuration', () => {
    const file = path.join(folder, 'verified.yml');
    writeFileSync(file, configuration);
    const { status, stderr } = spawnSync(command, ['verify-config', `--config.file=${file}`], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, expect.stringContaining('Config file is valid')]);
  });

  test('gives what AWS tells the names and labels that rules read, and is told no sum over others', () => {
    const registered = Object.values(CLOUD_METRICS)
      .filter(({ name }) => name.startsWith('aws_'))
      .map(({ name, labels }) => [name, [...labels].toSorted()]);
    const byName = (one: readonly unknown[], other: readonly unknown[]) =>
      compareText(String(one[0]), String(other[0]));
    expect(
      told.map(({ name, labels }) => [name, Object.keys(labels).toSorted()]).toSorted(byName),
    ).toEqual(registered.toSorted(byName));
    const values = told.map(({ value }) => value);
    for (const { value } of SUMS) expect(values).not.toContain(String(value));
    const lag = told.filter(({ name }) => name === CLOUD_METRICS.rdsReplicaLag.name);
    expect(lag.map(({ value }) => value)).toEqual(['NaN']);
  });

  test('asks for what its role may, and for nothing else', () => {
    const [statement] = exporterPolicy().Statement;
    const may = [statement?.Action ?? []].flat().map((action) => action.split(':')[1]);
    expect(new Set(clouds.operations)).toEqual(new Set([...may, 'GetCallerIdentity']));
  });

  test('adds up whole periods that are over, and looks back further than AWS is late', () => {
    const now = Date.now() / 1_000;
    const daily = clouds.values.filter(({ metric }) => metric.startsWith('AWS/Backup '));
    expect(daily.map(({ from, until }) => until - from)).toEqual([86_400]);
    expect(daily.map(({ until }) => until % 86_400)).toEqual([0]);
    for (const { statistic, period, from, until } of clouds.values) {
      if (period === 86_400) continue;
      expect(period).toBe(PERIOD_SECONDS);
      expect(until % PERIOD_SECONDS).toBe(0);
      const isSum = statistic === 'Sum';
      expect(until - from).toBe(isSum ? PERIOD_SECONDS : 3 * PERIOD_SECONDS);
      expect(now - until).toBeGreaterThanOrEqual(isSum ? PERIOD_SECONDS : 0);
    }
    expect(clouds.values.some(({ statistic }) => statistic === 'Sum')).toBe(true);
  });

  test(
    'shows nothing that it is not told any more, so that alerts miss it',
    async () => {
      await using refusing = await cloudWatchStandIn(account);
      // A pause of a second in place of five minutes.
      const quick = args.map((one) => one.replace(/^(--scraping-interval)=.*/, '$1=1'));
      await using running = await exporter(refusing, quick);
      const shows = async () => (await running.shown()).filter(isTold);
      await eventually(async () => expect(await shows()).not.toEqual([]), ROUND_MS);
      refusing.refuse();
      await eventually(async () => expect(await shows()).toEqual([]), 2 * ROUND_MS);
      const requests = (await running.shown()).filter(
        ({ name }) => name === CLOUD_METRICS.cloudRequests.name,
      );
      expect(requests.map(({ labels }) => Object.keys(labels))).toContainEqual(['api_name']);
    },
    4 * ROUND_MS,
  );
});

test('rules choose what production has by the names that AWS gives it', () => {
  const { postgres, redis, edge, kafka, cluster } = cloudWatchSettings(
    { graph: prodGraph },
    prodSettingsOfNobody,
  );
  const whole = ({ pattern }: { readonly pattern: string }) => new RegExp(`^(?:${pattern})$`);
  expect(NAMES['DBInstanceIdentifier']).toMatch(whole(postgres.instances));
  expect(NAMES['BackupVaultName']).toMatch(whole(postgres.vaults));
  expect(NAMES['CacheClusterId']).toMatch(whole(redis.nodes));
  expect(NAMES['LoadBalancer']).toMatch(whole(edge.balancers));
  expect(NAMES['TargetGroup']).toMatch(whole(edge.targetGroups));
  expect([kafka.cluster, cluster]).toEqual([NAMES['Cluster Name'], NAMES['ClusterName']]);
});
