import { describe, expect, test } from '@jest/globals';
import type { AwsPostgresRestore, AwsSettings } from '../aws/aws-settings.ts';
import { awsGround, sampleAwsContext } from '../testing/aws-ground.ts';
import { record } from '../testing/recording-mocks.ts';
import type { Recording } from '../testing/recording-mocks.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { awsPostgres } from './aws.ts';
import { Postgres } from './postgres.ts';
import { refuseEmptyCluster } from './aws/only-taken-over.ts';

const OUTPUTS = {
  'aws:backup/vault:Vault': { name: 'postgres-name' },
  'aws:rds/cluster:Cluster': {
    arn: 'arn:cluster',
    endpoint: 'cluster.example',
    masterUserSecrets: [{ secretArn: 'arn:owner' }],
  },
  'aws:kms/key:Key': { arn: 'arn:key' },
  'random:index/randomPassword:RandomPassword': { result: 'marker-of-a-password' },
};

/** Of the envelope. Source: Pulumi, sdk/nodejs/runtime/rpc.ts, specialSigKey and specialSecretSig */
const SECRET = '4dabf18193072939515e22adb298388d';
const SECRET_VALUE = '1b47061264138c4ac30d75fd1eb44270';

const restored = (postgresRestoreFrom: AwsPostgresRestore): AwsSettings => ({
  ...sampleAwsSettings,
  aws: { ...sampleAwsSettings.aws, postgresRestoreFrom },
});

const lowered = (settings = sampleAwsSettings) =>
  awsPostgres(settings).lower(sampleAwsContext(settings));

const land = (settings = sampleAwsSettings): Promise<Recording> =>
  record(() => {
    const landing = awsPostgres(settings).land(lowered(settings), {
      serviceParts: {},
      rollouts: {},
    });
    new Postgres('postgres', { landing, ...awsGround() });
  }, OUTPUTS);

const inputsOf = ({ resources }: Recording, type: string) =>
  resources.filter((one) => one.type === type).map(({ inputs }) => inputs);

describe('PostgreSQL of AWS', () => {
  test('is a cluster over the data subnets of three zones, encrypted, protected and restorable', async () => {
    const recording = await land();
    const [cluster] = inputsOf(recording, 'aws:rds/cluster:Cluster');
    expect(cluster).toMatchObject({
      clusterIdentifier: 'sample-sample-postgres',
      engine: 'postgres',
      engineVersion: '17',
      dbClusterInstanceClass: 'db.m6gd.large',
      manageMasterUserPassword: true,
      applyImmediately: true,
      iamDatabaseAuthenticationEnabled: true,
      storageEncrypted: true,
      kmsKeyId: 'arn:key',
      backupRetentionPeriod: 14,
      deletionProtection: true,
      skipFinalSnapshot: false,
    });
    // An instance of Aurora or of RDS would have two zones, or one.
    expect(cluster).not.toHaveProperty('masterPassword');
    expect(inputsOf(recording, 'aws:rds/subnetGroup:SubnetGroup')).toMatchObject([
      { subnetIds: ['data-a', 'data-b', 'data-c'] },
    ]);
    const groups = inputsOf(recording, 'aws:cloudwatch/logGroup:LogGroup');
    expect(groups).toMatchObject(
      ['postgresql', 'upgrade'].map((log) => ({
        name: `/aws/rds/cluster/sample-sample-postgres/${log}`,
        retentionInDays: 365,
      })),
    );
  });

  test('leaves a snapshot of each day in a vault, which does not go with it', async () => {
    const recording = await land();
    expect(inputsOf(recording, 'aws:backup/plan:Plan')).toMatchObject([
      {
        rules: [
          {
            // RDS makes its own from 02:00 to 03:00, and is kept on Sundays until 04:30.
            ...{ schedule: 'cron(0 6 * * ? *)', lifecycle: { deleteAfter: 35 } },
            targetVaultName: 'postgres-name',
          },
        ],
      },
    ]);
    expect(inputsOf(recording, 'aws:backup/selection:Selection')).toMatchObject([
      { resources: ['arn:cluster'] },
    ]);
    expect(inputsOf(recording, 'aws:backup/vault:Vault')).toMatchObject([{ kmsKeyArn: 'arn:key' }]);
    // Of a DB cluster over three zones none is kept, whatever is asked for.
    const [cluster] = inputsOf(recording, 'aws:rds/cluster:Cluster');
    expect(cluster).not.toHaveProperty('deleteAutomatedBackups');
  });

  test('lets the cluster of pods in at its port, and nobody else', async () => {
    const recording = await land();
    const [group] = inputsOf(recording, 'aws:ec2/securityGroup:SecurityGroup');
    expect(group).not.toHaveProperty('ingress');
    expect(group).not.toHaveProperty('egress');
    const rules = inputsOf(recording, 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule');
    expect(rules).toEqual([
      expect.objectContaining({
        referencedSecurityGroupId: 'pods',
        fromPort: 5_432,
        toPort: 5_432,
      }),
    ]);
  });

  test('gives each role that logs in a password of its own, and a binding that services mount', async () => {
    const recording = await land();
    const roles = ['shelf', 'monitor', 'migrator'];
    expect(inputsOf(recording, 'random:index/randomPassword:RandomPassword')).toEqual(
      roles.map(() => ({ length: 40, special: false, keepers: { generation: '1' } })),
    );
    // They change together, and are one Secret of Secrets Manager.
    expect(inputsOf(recording, 'aws:secretsmanager/secret:Secret')).toHaveLength(1);
    const [kept] = inputsOf(recording, 'aws:secretsmanager/secretVersion:SecretVersion');
    expect(kept?.['secretString']).toMatchObject({
      [SECRET]: SECRET_VALUE,
      value: JSON.stringify(
        Object.fromEntries(roles.map((role) => [role, 'marker-of-a-password'])),
      ),
    });
    const { inputs } = recording.resource('secret-sample-shelf-postgres-binding');
    expect(inputs).toMatchObject({
      metadata: { name: 'shelf-postgres-binding' },
      type: 'servicebinding.io/postgresql',
    });
    // Pulumi hands on what is secret in an envelope, and keeps it encrypted.
    expect(inputs['stringData']).toMatchObject({
      [SECRET]: SECRET_VALUE,
      value: {
        host: 'cluster.example',
        password: 'marker-of-a-password',
        'password-file': 'bindings/shelf-postgres/password',
        'ca-file': 'bindings/shelf-postgres/ca.crt',
        'ca.crt': expect.stringContaining('BEGIN CERTIFICATE'),
      },
    });
    const context = sampleAwsContext();
    const { use } = awsPostgres(sampleAwsSettings);
    expect(use(context, 'shelf')).toEqual({
      engine: 'postgres',
      bindings: { 'shelf-postgres': 'shelf-postgres-binding' },
      egress: {
        peers: ['10.0.32.0/20', '10.0.96.0/20', '10.0.160.0/20'].map((network) => ({ network })),
        ports: [5_432],
      },
    });
    expect(use(context, 'door')).toBeUndefined();
    // Any moment of the days that backups are kept can be restored, so that nothing is told to be at risk.
    expect(awsPostgres(sampleAwsSettings).dataAtRisk).toBeUndefined();
  });

  test('lets one Job alone read who owns the server', async () => {
    const recording = await land();
    const [policy] = inputsOf(recording, 'aws:iam/rolePolicy:RolePolicy');
    expect(JSON.parse(String(policy?.['policy']))).toMatchObject({
      Statement: [
        { Action: 'secretsmanager:GetSecretValue', Resource: 'arn:owner' },
        { Action: 'kms:Decrypt', Resource: 'arn:key' },
      ],
    });
    expect(
      inputsOf(recording, 'aws:eks/podIdentityAssociation:PodIdentityAssociation'),
    ).toMatchObject([{ namespace: 'data', serviceAccount: 'postgres-roles' }]);
    const jobs = recording.resources.filter(({ type }) => type === 'kubernetes:batch/v1:Job');
    const [roles, migrate] = jobs.map(({ name }) => name);
    expect([roles, migrate].map((name) => name?.split('-')[2])).toEqual(['roles', 'migrate']);
    expect(recording.waits(roles ?? '', 'secret-data-postgres-server')).toBe(true);
    expect(recording.waits(migrate ?? '', roles ?? '')).toBe(true);
  });

  test('has no address and no password in what is rendered', () => {
    const text = JSON.stringify(lowered());
    expect(text).not.toMatch(/cluster\.example|marker-of/);
    expect(JSON.parse(text)).toEqual(lowered());
  });

  test.each([
    { snapshot: 'before-the-sale' },
    { cluster: 'sample-sample-postgres', time: '2026-11-28T13:30:00Z' },
    { cluster: 'sample-sample-postgres' },
  ] as const)('that is restored from %p is another cluster, whose Jobs run again', async (from) => {
    const recording = await land(restored(from));
    const [cluster] = inputsOf(recording, 'aws:rds/cluster:Cluster');
    // What the provider would restore lacks its class; with it in the inputs what was imported would be replaced.
    expect(Object.keys(cluster ?? {}).join(' ')).not.toMatch(/restore|snapshotIdentifier/);
    expect(cluster?.['clusterIdentifier']).toMatch(/^sample-sample-postgres-[0-9a-f]{8}$/);
    const jobs = (settings?: AwsSettings) =>
      JSON.stringify(lowered(settings).steps).match(
        /"name":"(roles|migrate)-[a-z-]+-[0-9a-f]{10}"/g,
      );
    expect(jobs(restored(from))).not.toEqual(jobs());
  });

  test('that is restored is never made by Pulumi, which would make it empty', () => {
    expect(() => refuseEmptyCluster('restored-1', {})).toThrow(
      "Cluster 'restored-1': must be restored by RDS and imported before it is deployed",
    );
    expect(() => refuseEmptyCluster('restored-1', { MERIDIAN_REHEARSAL: 'true' })).not.toThrow();
  });
});
