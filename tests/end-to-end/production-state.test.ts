import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PLACEHOLDER } from '@meridian/provider-rehearsal/clouds/cloud-outputs.ts';
import { dollars } from '../../tools/cost/cost-text.ts';
import { monthlyCost } from '../../tools/cost/monthly-cost.ts';
import { readPrices } from '../../tools/cost/prices.ts';
import { programFolder } from '../../tools/meridian/places.ts';
import type { EngineEvent } from '../../tools/meridian/rehearsal/engine-events.ts';
import { isEncrypted } from '../../tools/meridian/rehearsal/exported-resource.ts';
import type { ExportedResource } from '../../tools/meridian/rehearsal/exported-resource.ts';
import { rehearsalPrograms } from '../../tools/meridian/rehearsal/rehearsal-programs.ts';
import { Rehearsal } from '../../tools/meridian/rehearsal/rehearsal.ts';
import { logFaults } from '../logs/log-faults.ts';
import { renameByRunbook } from './state-by-runbook.ts';

const DEADLINE_MS = 300_000;

/** What makes objects of an API group, and has to clean up after them: by the name of its release. */
const MAKERS: Readonly<Record<string, string>> = {
  'argoproj.io': 'argo-rollouts',
  'cert-manager.io': 'cert-manager',
  'elasticsearch.k8s.elastic.co': 'eck-operator',
  'elbv2.k8s.aws': 'aws-load-balancer-controller',
  'gateway.envoyproxy.io': 'envoy-gateway',
  'gateway.networking.k8s.io': 'envoy-gateway',
  'keda.sh': 'keda',
  'trust.cert-manager.io': 'trust-manager',
};

/** Why some logs and buckets are as they are; all others have an end and a key of ours. */
const LOGS = {
  madeByAws: {
    RDSOSMetrics:
      'how busy machines of databases are, for 30 days: one group of the account, whoever came first',
  },
  withoutEnd: {
    observability: 'Loki and Tempo delete what is older than they are told',
    'externals-checkpoint-store':
      'heads of the audit log stay, or nobody could prove what came before',
  },
  byAnotherKey: {
    'externals-checkpoint-store': 'a key of ours could be deleted, and with it what the lock keeps',
  },
} as const;

const ENCRYPTION =
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration';
const PASSWORD = 'random:index/randomPassword:RandomPassword';
const VERSION = 'aws:secretsmanager/secretVersion:SecretVersion';
const NODES = 'aws:eks/nodeGroup:NodeGroup';

const RESTORED_FROM = '{"cluster":"meridian-prod-postgres"}';

/** The state that is left when all of production was made by the real engine, its providers rehearsed. */
describe('the state of production', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-state-'));
  const states: string[] = [];
  const place = 'backend/.pulumi/stacks/meridian/prod.json';
  let resources: ReadonlyMap<string, ExportedResource>;
  /** Of the second deployment: operation, type and differing properties of each resource of AWS. */
  let changes: readonly string[];

  beforeAll(async () => {
    const programs = await rehearsalPrograms();
    const kept = path.join(folder, 'kept');
    const rehearsal = await Rehearsal.create('prod', programs);
    try {
      await rehearsal.run('up', { folder: programFolder, settings: { passwordGeneration: '1' } });
      rehearsal.keep(kept);
    } finally {
      rehearsal.remove();
    }
    states.push(readFileSync(path.join(kept, place), 'utf8'));
    const again = Rehearsal.from(await restored(kept), 'prod', programs);
    try {
      const settings = { passwordGeneration: '2', postgresRestoreFrom: RESTORED_FROM };
      changes = changesOfAws(await again.run('up', { folder: programFolder, settings }));
      again.keep(path.join(folder, 'again'));
    } finally {
      again.remove();
    }
    states.push(readFileSync(path.join(folder, 'again', place), 'utf8'));
    const { checkpoint } = JSON.parse(states[0] ?? '') as {
      readonly checkpoint: { readonly latest: { readonly resources: readonly ExportedResource[] } };
    };
    resources = new Map(checkpoint.latest.resources.map((resource) => [resource.urn, resource]));
  }, DEADLINE_MS);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const ofType = (type: string): readonly ExportedResource[] =>
    [...resources.values()].filter((resource) => resource.type === type);

  /** All that a resource is destroyed before, by the state alone. */
  const outlivedBy = (urn: string, found = new Set<string>()): ReadonlySet<string> => {
    const { parent, provider, dependencies = [] } = resources.get(urn) ?? {};
    const maker = provider?.replace(/::[^:]*$/, '');
    for (const next of [parent, maker, ...dependencies]) {
      if (next === undefined || found.has(next) || !resources.has(next)) continue;
      found.add(next);
      outlivedBy(next, found);
    }
    return found;
  };

  const notBefore = (
    ones: readonly ExportedResource[],
    others: readonly ExportedResource[],
  ): readonly string[] =>
    ones.flatMap(({ urn }) => {
      const later = outlivedBy(urn);
      return others
        .filter((other) => !later.has(other.urn))
        .map((other) => `${urn} > ${other.urn}`);
    });

  test('costs at least what the page says that the size small does', () => {
    const priced = [...resources.values()].map(({ type, urn, inputs = {} }) => ({
      ...{ type, inputs },
      name: urn.split('::').at(-1) ?? '',
    }));
    const prices = readPrices();
    const cents = monthlyCost(priced, 'us-east-1', prices)?.cents ?? 0;
    const page = readFileSync(path.join(programFolder, 'docs/deploying.md'), 'utf8');
    const [, day, small] = /by prices of (\S+)[^]*?`small` +\| at least (\S+)/.exec(page) ?? [];
    expect([day, small]).toEqual([prices.gathered, dollars(cents)]);
  });

  test('keeps no line and no record for ever or without a key, and writes to no place that AWS would make', () => {
    const all = [...resources.values()].map(({ type, urn, id, inputs = {}, outputs = {} }) => ({
      ...{ type, inputs, name: urn.split('::').at(-1) ?? '' },
      known: [id, ...['arn', 'name', 'bucket'].map((property) => outputs[property])],
    }));
    const kinds = [
      ...['cloudwatch/logGroup:LogGroup', 'ec2/flowLog:FlowLog', 'rds/cluster:Cluster'],
      ...['eks/cluster:Cluster', 'msk/cluster:Cluster', 's3/bucket:Bucket'],
      'elasticache/replicationGroup:ReplicationGroup',
    ];
    const seen = new Set(all.map(({ type }) => type));
    expect(kinds.filter((kind) => !seen.has(`aws:${kind}`))).toEqual([]);
    expect(logFaults(all, LOGS)).toEqual([]);
  });

  test('has what controllers made go before its controller', () => {
    const found = new Set<string>();
    for (const { urn, type } of resources.values()) {
      const group = /^kubernetes:(?<group>[^/]+\.[^/]+)\/v/.exec(type)?.groups?.['group'] ?? '';
      const maker = MAKERS[group];
      if (maker === undefined) continue;
      found.add(group);
      const releases = ofType('kubernetes:helm.sh/v3:Release');
      const release = releases.filter((one) => one.urn.endsWith(`::release-${maker}`));
      expect(release).toHaveLength(1);
      expect(notBefore([{ urn, type }], release)).toEqual([]);
    }
    expect([...found].toSorted()).toEqual(Object.keys(MAKERS));
  });

  test('has every object of the cluster go before the nodes, and those before their ways out', () => {
    const inCluster = [...resources.values()].filter(({ type }) =>
      /^kubernetes:(helm|apps|batch|argoproj|elasticsearch)[./]/.test(type),
    );
    expect(inCluster.length).toBeGreaterThan(50);
    const nodes = ofType(NODES);
    expect(nodes).toHaveLength(3);
    expect(notBefore(inCluster, nodes)).toEqual([]);
    const ways = ofType('aws:ec2/natGateway:NatGateway');
    expect(ways).toHaveLength(3);
    expect(notBefore(nodes, ways)).toEqual([]);
    const outside = ofType('aws:ec2/internetGateway:InternetGateway');
    const balancers = ofType('aws:lb/loadBalancer:LoadBalancer');
    expect([outside.length, balancers.length]).toEqual([1, 1]);
    expect(notBefore([...balancers, ...ways], outside)).toEqual([]);
  });

  test('has no password in clear text, nor the one before after a rotation', () => {
    const passwords = ofType(PASSWORD);
    expect(passwords.length).toBeGreaterThan(5);
    for (const { urn, outputs } of passwords) {
      const result = outputs?.['result'];
      expect([urn, isEncrypted(result), result]).toEqual([
        ...[urn, true],
        expect.objectContaining({ ciphertext: expect.any(String) }),
      ]);
    }
    expect(states).toHaveLength(2);
    for (const state of states) {
      expect(
        state.match(new RegExp(`${PLACEHOLDER}[^"]*\\.(?:result|bcryptHash)`, 'g')),
      ).toBeNull();
    }
    for (const { outputs } of passwords) {
      const { ciphertext } = outputs?.['result'] as { readonly ciphertext: string };
      expect(states[1]).not.toContain(ciphertext);
    }
  });

  test('leaves behind what holds the last copies of the data, with the key that they are under', () => {
    const kept = [...resources.values()].filter(({ retainOnDelete }) => retainOnDelete === true);
    const others = kept.map(({ type }) => type).filter((type) => !type.startsWith('aws:s3/'));
    expect(others.toSorted()).toEqual([
      'aws:backup/vault:Vault',
      'aws:kms/key:Key',
      'aws:kms/key:Key',
    ]);
    const [cluster] = ofType('aws:rds/cluster:Cluster');
    const [vault] = ofType('aws:backup/vault:Vault');
    const [lines] = ofType(ENCRYPTION).filter(({ urn }) => urn.endsWith('::observability'));
    const keys = [
      cluster?.propertyDependencies?.['kmsKeyId'],
      vault?.propertyDependencies?.['kmsKeyArn'],
      lines?.propertyDependencies?.['rules'],
    ];
    const known = kept.filter(({ type }) => type === 'aws:kms/key:Key').map(({ urn }) => urn);
    expect(new Set(keys.flat())).toEqual(new Set(known));
    expect(keys.map((of) => of?.length)).toEqual([1, 1, 1]);
  });

  test('leaves buckets as they are, with all that locks them, closes them and tells of them', () => {
    const ofBuckets = [...resources.values()].filter(({ type }) => type.startsWith('aws:s3/'));
    const buckets = ofBuckets.filter(({ type }) => type === 'aws:s3/bucket:Bucket');
    expect(buckets.map(({ urn }) => urn.split('::').at(-1)).toSorted()).toEqual([
      'externals-checkpoint-store',
      'observability',
    ]);
    expect(ofBuckets.length).toBeGreaterThan(16);
    expect(ofBuckets.filter(({ retainOnDelete }) => retainOnDelete !== true)).toEqual([]);
  });

  test('takes a restored database over by what the runbook does to it, with other passwords, and replaces nothing but groups of logs', () => {
    expect(changes).toEqual([
      'create-replacement aws:cloudwatch/logGroup:LogGroup name',
      `create-replacement ${VERSION}`,
      'delete-replaced aws:cloudwatch/logGroup:LogGroup',
      `delete-replaced ${VERSION}`,
      'replace aws:cloudwatch/logGroup:LogGroup name',
      `replace ${VERSION}`,
      'update aws:rds/cluster:Cluster finalSnapshotIdentifier manageMasterUserPassword masterUserSecretKmsKeyId',
    ]);
    // A version follows from passwords and nothing that a restore changes.
    const sources = ofType(VERSION).flatMap(({ propertyDependencies = {} }) =>
      Object.values(propertyDependencies).flat(),
    );
    expect([...new Set(sources.map((urn) => resources.get(urn)?.type))].toSorted()).toEqual([
      'aws:secretsmanager/secret:Secret',
      PASSWORD,
    ]);
  });

  /** The state with its database named as the runbook of a restore does. */
  async function restored(kept: string): Promise<string> {
    const file = path.join(kept, place);
    const state = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly checkpoint: { latest: { readonly resources: readonly ExportedResource[] } };
    };
    const { checkpoint } = state;
    const database = checkpoint.latest.resources.find(
      ({ type }) => type === 'aws:rds/cluster:Cluster',
    );
    writeFileSync(
      path.join(folder, 'before.json'),
      JSON.stringify({ deployment: checkpoint.latest }),
    );
    const digest = createHash('sha256').update(RESTORED_FROM).digest('hex').slice(0, 8);
    await renameByRunbook(folder, database?.urn ?? '', `meridian-prod-postgres-${digest}`);
    const { deployment } = JSON.parse(readFileSync(path.join(folder, 'after.json'), 'utf8')) as {
      readonly deployment: typeof checkpoint.latest;
    };
    checkpoint.latest = deployment;
    writeFileSync(file, JSON.stringify(state));
    return kept;
  }
});

/** Each kind of change once: operation, type and properties. */
function changesOfAws(events: readonly EngineEvent[]): readonly string[] {
  const changed = events.flatMap(({ resourcePreEvent }) => {
    const { op = 'same', type = '', detailedDiff } = resourcePreEvent?.metadata ?? {};
    if (op === 'same' || !type.startsWith('aws:')) return [];
    return [[op, type, ...Object.keys(detailedDiff ?? {}).toSorted()].join(' ')];
  });
  return [...new Set(changed)].toSorted();
}
