/** A resource of AWS, with what it was given and told. */
export interface LoggedResource {
  readonly type: string;
  readonly name: string;
  /** By which others refer to it: its number, its name and its ARN. */
  readonly known: readonly unknown[];
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Why something is as it is: log groups by the names that AWS gives them, buckets by theirs in the program. */
export interface LogReasons {
  /** AWS makes the group, and it has an end. */
  readonly madeByAws: Readonly<Record<string, string>>;
  /** What is in it ends otherwise, or is meant to stay. */
  readonly withoutEnd: Readonly<Record<string, string>>;
  /** A key that is not ours encrypts it, such as one of S3's own. */
  readonly byAnotherKey: Readonly<Record<string, string>>;
}

const LOG_GROUP = 'aws:cloudwatch/logGroup:LogGroup';
const BUCKET = 'aws:s3/bucket:Bucket';

/**
 * What keeps lines or records for ever, or without a key, and what writes to where nobody has said how long it keeps: AWS makes a
 * log group itself where there is none, without an end and without a key of ours. In words; nothing where all is well.
 */
export function logFaults(
  resources: readonly LoggedResource[],
  reasons: LogReasons,
): readonly string[] {
  const groups = resources.filter(({ type }) => type === LOG_GROUP);
  return [
    ...groups.flatMap(groupFaults),
    ...resources.flatMap((resource) => writerFaults(resource, groups, resources, reasons)),
    ...resources
      .filter(({ type }) => type === BUCKET)
      .flatMap((bucket) => bucketFaults(bucket, resources, reasons)),
  ];
}

function groupFaults({ name, inputs }: LoggedResource): readonly string[] {
  const { retentionInDays: days, kmsKeyId: key } = inputs;
  return [
    // 0 is for ever. Source: Pulumi, aws.cloudwatch.LogGroup
    ...(typeof days === 'number' && days > 0 ? [] : [`log group ${name} keeps lines for ever`]),
    ...(isGiven(key) ? [] : [`log group ${name} has no key`]),
  ];
}

/** Where each type of resource writes lines, as the names of log groups that AWS would make. */
const WRITES: Readonly<Record<string, (inputs: LoggedResource['inputs']) => readonly unknown[]>> = {
  'aws:ec2/flowLog:FlowLog': ({ logDestination }) => [logDestination],
  'aws:rds/cluster:Cluster': ({
    clusterIdentifier,
    enabledCloudwatchLogsExports,
    monitoringInterval,
  }) => [
    ...listOf(enabledCloudwatchLogsExports).map(
      (log) => `/aws/rds/cluster/${String(clusterIdentifier)}/${String(log)}`,
    ),
    // Source: Amazon RDS User Guide, "Viewing OS metrics using CloudWatch Logs"
    ...(Number(monitoringInterval ?? 0) > 0 ? ['RDSOSMetrics'] : []),
  ],
  'aws:eks/cluster:Cluster': ({ name, enabledClusterLogTypes }) =>
    listOf(enabledClusterLogTypes).length === 0 ? [] : [`/aws/eks/${String(name)}/cluster`],
  'aws:msk/cluster:Cluster': ({ loggingInfo }) => [
    at(loggingInfo, 'brokerLogs', 'cloudwatchLogs', 'logGroup'),
  ],
  'aws:elasticache/replicationGroup:ReplicationGroup': ({ logDeliveryConfigurations }) =>
    listOf(logDeliveryConfigurations).map((one) => at(one, 'destination')),
};

function writerFaults(
  { type, name, inputs }: LoggedResource,
  groups: readonly LoggedResource[],
  resources: readonly LoggedResource[],
  { madeByAws }: LogReasons,
): readonly string[] {
  if (type === 'aws:cloudtrail/trail:Trail') {
    const isOurs = resources.some(
      (one) => one.type === BUCKET && one.known.includes(String(inputs['s3BucketName'])),
    );
    return isOurs ? [] : [`trail ${name} writes to a bucket that nobody has declared`];
  }
  return (WRITES[type]?.(inputs) ?? [])
    .map(String)
    .filter((where) => madeByAws[where] === undefined)
    .filter((where) => !groups.some(({ known }) => known.includes(where)))
    .map((where) => `${name} writes to ${where}, which nobody has declared`);
}

function bucketFaults(
  bucket: LoggedResource,
  resources: readonly LoggedResource[],
  { withoutEnd, byAnotherKey }: LogReasons,
): readonly string[] {
  const { name } = bucket;
  const of = (kind: string) =>
    resources.filter(
      ({ type, inputs }) =>
        type.endsWith(`:${kind}`) && bucket.known.includes(String(inputs['bucket'])),
    );
  const rules = of('BucketLifecycleConfiguration')
    .flatMap(({ inputs }) => listOf(inputs['rules']))
    .filter((rule) => at(rule, 'status') === 'Enabled');
  const ends = (...path: readonly string[]) => rules.some((rule) => Number(at(rule, ...path)) > 0);
  const keys = of('BucketServerSideEncryptionConfiguration')
    .flatMap(({ inputs }) => listOf(inputs['rules']))
    .map((rule) => at(rule, 'applyServerSideEncryptionByDefault'));
  const hasKey = keys.some((key) => isGiven(at(key, 'kmsMasterKeyId')));
  return [
    ...(ends('noncurrentVersionExpiration', 'noncurrentDays')
      ? []
      : [`bucket ${name} keeps what was replaced for ever`]),
    ...(ends('expiration', 'days') === (withoutEnd[name] === undefined)
      ? []
      : [
          `bucket ${name} ${withoutEnd[name] === undefined ? 'keeps objects for ever' : 'has an end, and a reason to have none'}`,
        ]),
    ...(hasKey === (byAnotherKey[name] === undefined)
      ? []
      : [
          `bucket ${name} ${byAnotherKey[name] === undefined ? 'has no key' : 'has a key, and a reason to have none'}`,
        ]),
    ...(keys.length === 0 ? [`bucket ${name} is not encrypted by what it is told`] : []),
  ];
}

/** What is not known before a deployment is given all the same. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null
        ? (Reflect.get(inner, name) as unknown)
        : undefined,
    value,
  );
}
