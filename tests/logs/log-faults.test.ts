import { describe, expect, test } from '@jest/globals';
import { logFaults } from './log-faults.ts';
import type { LoggedResource } from './log-faults.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1';
const group = (name: string, inputs: object = {}): LoggedResource => ({
  ...{ type: 'aws:cloudwatch/logGroup:LogGroup', name, known: [name, `arn:${name}`] },
  inputs: { retentionInDays: 365, kmsKeyId: KEY, ...inputs },
});
const resource = (type: string, name: string, inputs: object): LoggedResource => ({
  ...{ type, name, known: [`${name}-id`] },
  inputs: { ...inputs },
});
const bucket = (
  name: string,
  { rule = {}, key = {} }: { readonly rule?: object; readonly key?: object } = {},
): readonly LoggedResource[] => [
  resource('aws:s3/bucket:Bucket', name, {}),
  resource('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', name, {
    bucket: `${name}-id`,
    rules: [
      {
        status: 'Enabled',
        noncurrentVersionExpiration: { noncurrentDays: 7 },
        expiration: { days: 365 },
        ...rule,
      },
    ],
  }),
  resource(
    'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
    name,
    {
      bucket: `${name}-id`,
      rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId: KEY, ...key } }],
    },
  ),
];

const database = (logs: readonly string[], monitoringInterval = 0) =>
  resource('aws:rds/cluster:Cluster', 'database', {
    monitoringInterval,
    clusterIdentifier: 'shop',
    enabledCloudwatchLogsExports: logs,
  });
const flows = (logDestination?: string) =>
  resource('aws:ec2/flowLog:FlowLog', 'flows', { logDestination });
const cluster = (types: readonly string[]) =>
  resource('aws:eks/cluster:Cluster', 'pods', { name: 'shop', enabledClusterLogTypes: types });
const brokers = (logGroup?: string) =>
  resource('aws:msk/cluster:Cluster', 'brokers', {
    loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup } } },
  });
const cache = (destination: string) =>
  resource('aws:elasticache/replicationGroup:ReplicationGroup', 'cache', {
    logDeliveryConfigurations: [{ destination }],
  });
const trail = (s3BucketName: string) =>
  resource('aws:cloudtrail/trail:Trail', 'record', { s3BucketName });

const NO_REASONS = { madeByAws: {}, withoutEnd: {}, byAnotherKey: {} };
const faults = (...resources: readonly (LoggedResource | readonly LoggedResource[])[]) =>
  logFaults(resources.flat(), NO_REASONS);

const WELL = [
  ...[group('lines'), group('/aws/rds/cluster/shop/upgrade'), group('/aws/eks/shop/cluster')],
  ...[database(['upgrade']), flows('arn:lines'), cluster(['audit']), brokers('lines')],
  ...[cache('lines'), trail('records-id'), ...bucket('records')],
];

describe('faults of logs', () => {
  test('are none where each has an end and a key', () => {
    expect(faults(WELL)).toEqual([]);
  });

  test.each([
    [
      'for ever',
      group('planted', { retentionInDays: 0 }),
      'log group planted keeps lines for ever',
    ],
    [
      'with no word of it',
      group('planted', { retentionInDays: undefined }),
      'log group planted keeps lines for ever',
    ],
    ['without a key', group('planted', { kmsKeyId: undefined }), 'log group planted has no key'],
    [
      'of a database, in a group of AWS’s',
      database(['postgresql']),
      'database writes to /aws/rds/cluster/shop/postgresql, which nobody has declared',
    ],
    [
      'of connections, elsewhere',
      flows('arn:others'),
      'flows writes to arn:others, which nobody has declared',
    ],
    [
      'of brokers, elsewhere',
      brokers('others'),
      'brokers writes to others, which nobody has declared',
    ],
    ['of a cache, elsewhere', cache('others'), 'cache writes to others, which nobody has declared'],
    [
      'of the account, elsewhere',
      trail('others'),
      'trail record writes to a bucket that nobody has declared',
    ],
  ])('are lines %s', (_title, planted, fault) => {
    expect(faults(WELL, planted)).toEqual([fault]);
  });

  test('are measurements of a machine in a group of AWS’s, unless there is a reason', () => {
    const monitored = database([], 60);
    expect(faults(monitored)).toEqual([
      'database writes to RDSOSMetrics, which nobody has declared',
    ]);
    const madeByAws = { RDSOSMetrics: 'kept for 30 days' };
    expect(logFaults([monitored], { ...NO_REASONS, madeByAws })).toEqual([]);
  });

  test('are the lines of a control plane in a group of AWS’s', () => {
    expect(faults(cluster(['audit']))).toEqual([
      'pods writes to /aws/eks/shop/cluster, which nobody has declared',
    ]);
  });

  test.each([
    [
      'objects for ever',
      { rule: { expiration: undefined } },
      'bucket planted keeps objects for ever',
    ],
    [
      'them for ever, as nobody heeds the rule',
      { rule: { status: 'Disabled' } },
      'bucket planted keeps what was replaced for ever',
    ],
    [
      'what was replaced for ever',
      { rule: { noncurrentVersionExpiration: undefined } },
      'bucket planted keeps what was replaced for ever',
    ],
    ['them without a key', { key: { kmsMasterKeyId: undefined } }, 'bucket planted has no key'],
  ])('are in a bucket that keeps %s', (_title, wrong, fault) => {
    expect(faults(bucket('planted', wrong))).toContain(fault);
  });

  test('are reasons that nothing needs', () => {
    const reasons = {
      madeByAws: {},
      withoutEnd: { records: 'none' },
      byAnotherKey: { records: 'none' },
    };
    expect(logFaults(bucket('records'), reasons)).toEqual([
      'bucket records has an end, and a reason to have none',
      'bucket records has a key, and a reason to have none',
    ]);
  });
});
