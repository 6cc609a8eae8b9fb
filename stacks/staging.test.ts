import { describe, expect, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { stackSettings } from './stacks.ts';
import { stagingSettings } from './staging.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

const problemsOf = (raw: Readonly<Record<string, string>>): readonly string[] => {
  try {
    stagingSettings(raw);
  } catch (error) {
    if (error instanceof CodedError) return [error.code, ...error.problems];
    throw error;
  }
  return [];
};

const BUCKET = {
  uri: 'https://s3.example',
  region: 'eu-1',
  bucket: 'copies',
  networks: ['192.0.2.0/24'],
};
const backupWith = (more: object): string => JSON.stringify({ ...BUCKET, ...more });

describe('stagingSettings', () => {
  test('needs nothing to be set to be rendered', async () => {
    expect(stagingSettings({})).toMatchObject({
      landing: 'kubernetes',
      environment: 'staging',
      images: {},
      registry: 'registry.example/meridian',
      kafka: { brokers: 3, controllers: 3 },
    });
    expect(await stackSettings('staging', {})).toEqual(stagingSettings({}));
  });

  test('takes what is set', () => {
    const settings = stagingSettings({
      topologyZones: '{"a": "eu-1a", "b": "eu-1b", "c": "eu-1c"}',
      registry: 'registry.test:5000/shop',
      images: `{"catalog": "${digest}"}`,
      kafkaBrokers: '6',
      kafkaControllers: '5',
      passwordGeneration: '2',
      snapshotClass: 'csi-fast',
      auditKeepDays: '3650',
    });
    expect(settings.zones.map(({ topologyZone }) => topologyZone)).toEqual([
      'eu-1a',
      'eu-1b',
      'eu-1c',
    ]);
    expect(settings).toMatchObject({
      registry: 'registry.test:5000/shop',
      images: { catalog: digest },
      kafka: { brokers: 6, controllers: 5 },
      passwordGeneration: 2,
      snapshotClass: 'csi-fast',
      auditKeepDays: 3650,
    });
    expect(stagingSettings({})).not.toHaveProperty('snapshotClass');
  });

  test('takes where the cluster has its API server and its DNS, and else what most clusters have', () => {
    const labels = { 'dns.operator.openshift.io/daemonset-dns': 'default' };
    const dns = { pods: [{ namespace: 'openshift-dns', labels }], ports: [5_353] };
    const apiServer = { networks: ['10.96.0.1/32'], ports: [6_443] };
    const given = { dns: JSON.stringify(dns), apiServer: JSON.stringify(apiServer) };
    expect(stagingSettings(given)).toMatchObject({ dns: { ...dns, networks: [] }, apiServer });
    expect(stagingSettings({})).toMatchObject({
      dns: {
        pods: [{ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }],
        networks: [],
        ports: [53],
      },
      apiServer: { networks: [], ports: [443, 6_443] },
    });
    const cached = stagingSettings({ dns: '{"networks": ["169.254.20.10/32"]}' });
    expect(cached.dns).toMatchObject({ networks: ['169.254.20.10/32'], ports: [53] });
    expect(cached.dns.pods).toHaveLength(1);
  });

  test('takes where PostgreSQL keeps its backups, and an archive to begin with', () => {
    expect(stagingSettings({}).postgres).toEqual({});
    const defaults = { secret: 'postgres-backup-keys', retentionDays: 30, schedule: '0 0 3 * * *' };
    const given = { postgresBackup: backupWith({ archive: 'meridian-2' }) };
    expect(stagingSettings(given).postgres).toEqual({
      backup: { ...BUCKET, ...defaults, archive: 'meridian-2' },
    });
    const restoreFrom = { archive: 'meridian', time: '2026-11-28T13:30:00Z' };
    const restored = { ...given, postgresRestoreFrom: JSON.stringify(restoreFrom) };
    expect(stagingSettings(restored).postgres).toMatchObject({ restoreFrom });
  });

  test.each([
    ['none', undefined],
    ['the same', backupWith({ archive: 'meridian' })],
    // The platform's own name, which settings do not know.
    ['an unnamed', backupWith({})],
  ])('refuses to restore with %s archive to write to', (_name, postgresBackup) => {
    const raw = {
      postgresRestoreFrom: '{"archive": "meridian"}',
      ...(postgresBackup === undefined ? {} : { postgresBackup }),
    };
    expect(problemsOf(raw)).toEqual([
      'SETTINGS_INVALID',
      expect.stringContaining(
        `Setting 'meridian:postgresBackup': must name another "archive" than 'meridian'`,
      ),
    ]);
  });

  test('takes the names of Secrets with which images are pulled', () => {
    const given = { imagePullSecrets: '["registry-access", "mirror"]' };
    expect(stagingSettings(given).imagePullSecrets).toEqual(['registry-access', 'mirror']);
    expect(stagingSettings({}).imagePullSecrets).toEqual([]);
  });

  test('takes systems outside the platform by their places, or as stood in for', () => {
    const place = { uri: 'https://api.bank.example', networks: ['192.0.2.0/24'] };
    const externals = {
      bank: place,
      post: { ...place, secret: 'post-keys' },
      mint: { standIn: true },
      vault: { ...place, bucket: 'heads', region: 'eu-central-1' },
    };
    expect(stagingSettings({ externals: JSON.stringify(externals) }).externals).toEqual({
      bank: { ...place, standIn: false, secret: 'external-bank-keys', parameters: {} },
      post: { ...place, standIn: false, secret: 'post-keys', parameters: {} },
      mint: { standIn: true },
      vault: {
        ...place,
        ...{ standIn: false, secret: 'external-vault-keys' },
        parameters: { bucket: 'heads', region: 'eu-central-1' },
      },
    });
    expect(stagingSettings({}).externals).toEqual({});
  });

  test('takes every zone that a label of a node can name', () => {
    const { zones } = stagingSettings({
      topologyZones: '{"a": "Zone_A", "b": "zone.b", "c": "3"}',
    });
    expect(zones.map(({ topologyZone }) => topologyZone)).toEqual(['Zone_A', 'zone.b', '3']);
  });

  test.each([
    ['topologyZones', '{"d": "eu-1d"}', ".d': must be of a zone of this stack ('a', 'b', 'c')"],
    ['topologyZones', '{"b": "zone-a"}', "': must name another zone of the cluster for each"],
    ['topologyZones', `{"a": "${'z'.repeat(64)}"}`, ".a': must be 1 to 63 letters"],
    ['topologyZones', '{"a": 1}', ".a': must be 1 to 63 letters"],
    ['topologyZones', '{"a": "zone.a."}', ".a': must be 1 to 63 letters"],
    ['topologyZones', 'zone-a', "': must be a JSON object of texts"],
    ['host', 'Shop.example', "': must be a host name in lower case with a domain"],
    ['host', 'shop', "': must be a host name in lower case with a domain"],
    ['edgeIssuer', 'Public CA', "': must be the name of a ClusterIssuer of the cluster"],
    ['operators', 'none', "': must be one of 'program', 'installed'"],
    ['edgeCanaryPercent', '51', "': must be a whole number from 0 to 50"],
    ['registry', 'registry.test/shop:1.0', "': must be a host with a path and without a tag"],
    ['kafkaBrokers', '4', "': must be a multiple of the 3 zones, or a zone has more brokers"],
    ['kafkaBrokers', '0', "': must be a whole number from 1 to 99"],
    ['kafkaControllers', '4', "': must be odd, since an even number outlives no more losses"],
    ['kafkaControllers', '5', "': must be at most the 3 brokers"],
    ['kafkaControllers', '1', "': must be a whole number from 3 to 7"],
    ['apiServer', '{"networks": ["10.0.0.1"]}', "': must be a JSON object {"],
    ['apiServer', '{"ports": [0]}', "': must be a JSON object {"],
    ['dns', '169.254.20.10', "': must be a JSON object {"],
    ['dns', '{"pods": []}', "': must be a JSON object {"],
    ['dns', '{"pods": [{"namespace": "dns", "labels": {}}]}', "': must be a JSON object {"],
    ['imagePullSecrets', 'registry-access', "': must be a JSON list of names of Secrets"],
    ['imagePullSecrets', '["Registry"]', "': must be a JSON list of names of Secrets"],
    ['imagePullSecrets', '["one", "one"]', "': must be a JSON list of names of Secrets"],
    ['auditKeepDays', '30', "': must be a whole number from 90 to 36500"],
    ['passwordGeneration', '0', "': must be a whole number from 1 to 1000000"],
    ['externals', '{"bank": {}}', "': must be a JSON object of systems outside the platform"],
    ['externals', '{"bank": {"standIn": false}}', "': must be a JSON object of systems"],
    [
      'externals',
      '{"bank": {"uri": "http://bank.example", "networks": ["192.0.2.0/24"]}}',
      "': must be a JSON object of systems",
    ],
    [
      'externals',
      '{"bank": {"uri": "https://bank.example", "networks": []}}',
      "': must be a JSON object of systems",
    ],
    [
      'externals',
      '{"vault": {"uri": "https://s3.example", "networks": ["192.0.2.0/24"], "bucket": "a/b"}}',
      "': must be a JSON object of systems",
    ],
    ['traceSamplePercent', '101', "': must be a whole number from 0 to 100"],
    ['heartbeat', 'https://heartbeat.example', "': must be 'true' or 'false'"],
    ['telemetryStore', '{"bucket": "lines"}', "': must be a JSON object {"],
    ['postgresBackup', '{"bucket": "copies"}', "': must be a JSON object {"],
    ['postgresBackup', backupWith({ retentionDays: 0 }), "': must be a JSON object {"],
    ['postgresBackup', backupWith({ schedule: '0 3 * * *' }), "': must be a JSON object {"],
    ['postgresBackup', backupWith({ schedule: '0 0 24 * * *' }), "': must be a JSON object {"],
    ['postgresBackup', backupWith({ schedule: '0 */5 * * * *' }), "': must be a JSON object {"],
    ['postgresBackup', backupWith({ encryption: 'none' }), "': must be a JSON object {"],
    ['postgresRestoreFrom', '{"archive": "a", "time": "yesterday"}', "': must be a JSON object {"],
    ['snapshotClass', 'Fast', "': must be the name of a VolumeSnapshotClass"],
    ['images', '{"catalog": "latest"}', ".catalog': must be the digest of an image"],
  ])('refuses %s = %p', (key, value, message) => {
    const [code, ...problems] = problemsOf({ [key]: value });
    expect(code).toBe('SETTINGS_INVALID');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`Setting 'meridian:${key}${message}`);
    expect(problems[0]).toContain('set it in Pulumi.staging.yaml');
  });

  test.each([
    ['postgresBackup', '{"bucket": "copies"}', "got 'no uri';"],
    ['postgresBackup', '[]', "got '[]';"],
    ['postgresBackup', backupWith({ schedule: '0 3 * * *' }), "got 'schedule: 0 3 * * *';"],
    ['postgresBackup', backupWith({ key: 'AKIA' }), "got 'key, which is not a member';"],
    ['postgresBackup', backupWith({ secret: 'AKIA/x' }), "got 'secret';"],
    ['postgresBackup', backupWith({ networks: ['all'] }), "got 'networks.0: all';"],
    ['externals', '{"bank": {"uri": "https://bank.example", "networks": []}}', "got 'bank"],
    ['topologyZones', '{"d": "eu-1d"}', "(pulumi config set --path 'topologyZones.d' …)"],
  ])('says of %s = %p where it is wrong, and nothing that may be secret', (key, value, told) => {
    const [, problem] = problemsOf({ [key]: value });
    expect(problem).toContain(told);
    expect(problem).not.toContain('AKIA');
  });

  test('reports all problems at once', () => {
    const kafka = { kafkaBrokers: '7', kafkaControllers: '6' };
    const raw = { topologyZones: '{"d": "-"}', registry: 'R', images: '[]', replicas: '{}' };
    expect(problemsOf({ ...raw, ...kafka })).toHaveLength(1 + 5 + 2);
  });
});
