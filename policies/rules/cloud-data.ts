import { fieldsOf, fieldsOfText, listOf, objectsIn, shown, valueAt, wordOf } from '../fields.ts';
import type { ClusterObject, ObjectRule } from '../rule.ts';

/** Types of resources whose deletion takes data along that nothing can make again. */
const DATA: ReadonlySet<string> = new Set([
  // A cache holds nothing that is not elsewhere.
  ...['aws:backup/vault:Vault', 'aws:eks/cluster:Cluster'],
  ...['aws:kms/key:Key', 'aws:msk/cluster:Cluster', 'aws:msk/topic:Topic'],
  ...['aws:rds/cluster:Cluster', 'aws:s3/bucket:Bucket'],
]);

/** Whether a resource of a cloud holds data, or the key to them. */
export function holdsCloudData({ kind }: Pick<ClusterObject, 'kind'>): boolean {
  return DATA.has(kind);
}

/** What must be set, and to what, by type: 'given' is any value. */
type Wanted = Readonly<
  Record<string, readonly (readonly [path: string, wanted: 'given' | boolean])[]>
>;

function wrongIn(wanted: Wanted, { kind, fields }: ClusterObject): readonly string[] {
  return (wanted[kind] ?? []).flatMap(([path, value]) => {
    const given = valueAt(fields, path);
    if (value === 'given' ? given !== undefined : given === value) return [];
    return [`${path} must be ${value === 'given' ? 'set' : shown(value)}, got ${shown(given)}`];
  });
}

const ENCRYPTED: Wanted = {
  'aws:cloudwatch/logGroup:LogGroup': [['kmsKeyId', 'given']],
  'aws:eks/cluster:Cluster': [['encryptionConfig.provider.keyArn', 'given']],
  'aws:elasticache/replicationGroup:ReplicationGroup': [['atRestEncryptionEnabled', true]],
  'aws:msk/cluster:Cluster': [['encryptionInfo.encryptionAtRestKmsKeyArn', 'given']],
  'aws:rds/cluster:Cluster': [
    ['storageEncrypted', true],
    ['kmsKeyId', 'given'],
  ],
};

export const cloudDataAreEncrypted: ObjectRule = {
  id: 'cloud-data-are-encrypted',
  statement: 'What a cloud keeps is encrypted, by a key of ours where it can be',
  reason: 'whoever gets at a volume or a snapshot reads it',
  fix: "the noun's folder aws/",
  problemsOf: (object) => {
    const { kind, fields } = object;
    const disks = objectsIn(fields['blockDeviceMappings'])
      .filter(({ ebs }) => ebs !== undefined && wordOf(fieldsOf(ebs)['encrypted']) !== 'true')
      .map(({ deviceName }) => `the volume ${shown(deviceName)} is not encrypted`);
    return [
      ...wrongIn(ENCRYPTED, object),
      ...(kind === 'aws:ec2/launchTemplate:LaunchTemplate' ? disks : []),
    ];
  },
};

export const cloudKeysRotate: ObjectRule = {
  id: 'cloud-keys-rotate',
  statement: 'Keys of a cloud rotate by themselves, and wait for weeks before they are gone',
  reason: 'a key that is deleted takes along all that it encrypts',
  fix: 'components/aws/key.ts',
  problemsOf: ({ kind, fields }) => {
    if (kind !== 'aws:kms/key:Key') return [];
    const usage = fields['keyUsage'] ?? 'ENCRYPT_DECRYPT';
    const window = Number(fields['deletionWindowInDays'] ?? 30);
    return [
      ...(usage === 'ENCRYPT_DECRYPT' && fields['enableKeyRotation'] !== true
        ? [`enableKeyRotation must be true, got ${shown(fields['enableKeyRotation'])}`]
        : []),
      ...(window < 30 ? [`deletionWindowInDays must be 30, got ${window}`] : []),
    ];
  },
};

const DELETION_REFUSED: Wanted = {
  'aws:eks/cluster:Cluster': [['deletionProtection', true]],
  'aws:lb/loadBalancer:LoadBalancer': [['enableDeletionProtection', true]],
  'aws:rds/cluster:Cluster': [['deletionProtection', true]],
};

export const cloudDataAreProtected: ObjectRule = {
  id: 'cloud-data-are-protected',
  statement: 'What holds data in a cloud is protected by Pulumi, and by the cloud where it can be',
  reason: 'a line that is taken out of a declaration deletes the data',
  fix: "'protect: true' and deletionProtection in the noun's folder aws/",
  problemsOf: (object) => [
    ...(holdsCloudData(object) && !object.isProtected ? ['holds data and is not protected'] : []),
    ...wrongIn(DELETION_REFUSED, object),
    ...(wordOf(object.fields['forceDestroy']) === 'true'
      ? ['forceDestroy is true, so what is in it goes along']
      : []),
  ],
};

const BACKUP_DAYS = 7;
const RECOVERY_DAYS = 7;

export const cloudBackupsAreKept: ObjectRule = {
  id: 'cloud-backups-are-kept',
  statement: 'Engines of a cloud are backed up for a week at least, and once more before they go',
  reason: 'there is no way back from a mistake that is seen on Monday',
  fix: 'stacks/prod-sizes.ts',
  problemsOf: ({ kind, fields }) => {
    switch (kind) {
      case 'aws:rds/cluster:Cluster':
        return [
          ...atLeast(fields, 'backupRetentionPeriod', BACKUP_DAYS),
          ...(fields['skipFinalSnapshot'] === true ? ['skipFinalSnapshot is true'] : []),
        ];
      case 'aws:secretsmanager/secret:Secret':
        return fields['recoveryWindowInDays'] === undefined
          ? []
          : atLeast(fields, 'recoveryWindowInDays', RECOVERY_DAYS);
      default:
        return [];
    }
  },
};

const LOG_DAYS = 30;

export const cloudLogsHaveAnEnd: ObjectRule = {
  id: 'cloud-logs-have-an-end',
  statement: 'Logs of a cloud are kept for a month at least, and not for ever',
  reason: 'an incident has no trace left, or personal data stay and are paid for',
  fix: "'logDays' of the stack",
  problemsOf: ({ kind, fields }) =>
    kind === 'aws:cloudwatch/logGroup:LogGroup' ? atLeast(fields, 'retentionInDays', LOG_DAYS) : [],
};

/** Topics, and what brokers do for those that say nothing. */
export const cloudRecordsHaveThreeCopies: ObjectRule = {
  id: 'cloud-records-have-three-copies',
  statement: 'Topics of a cloud have three copies, of which two acknowledge, and keep for a day',
  reason: 'a broker that is lost takes acknowledged records along, or stops all writing',
  fix: 'components/kafka/aws',
  problemsOf: ({ kind, fields }) => {
    if (kind === 'aws:msk/topic:Topic') {
      const configs = configsOf(fields['configs']);
      const kept = configs['retention.ms'];
      return [
        ...atLeast(fields, 'replicationFactor', 3),
        ...(configs['min.insync.replicas'] === undefined
          ? []
          : atLeast(configs, 'min.insync.replicas', 2)),
        ...(kept === undefined || Number(kept) === -1
          ? []
          : atLeast(configs, 'retention.ms', 86_400_000)),
      ];
    }
    if (kind !== 'aws:msk/configuration:Configuration') return [];
    const properties = Object.fromEntries(
      wordOf(fields['serverProperties'])
        .split('\n')
        .map((line) => line.split('=').map((part) => part.trim())),
    ) as Readonly<Record<string, string>>;
    return [
      ...atLeast(properties, 'default.replication.factor', 3),
      ...atLeast(properties, 'min.insync.replicas', 2),
      ...['auto.create.topics.enable', 'unclean.leader.election.enable']
        .filter((name) => properties[name] !== 'false')
        .map((name) => `${name} must be false, got ${shown(properties[name])}`),
    ];
  },
};

function configsOf(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'string' || !given.startsWith('{')) return {};
  return fieldsOfText(given) ?? {};
}

function atLeast(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  wanted: number,
): readonly string[] {
  return Number(fields[name]) >= wanted
    ? []
    : [`${name} must be at least ${wanted}, got ${shown(fields[name])}`];
}

const SUBNETS: Readonly<Record<string, string>> = {
  'aws:elasticache/subnetGroup:SubnetGroup': 'subnetIds',
  'aws:lb/loadBalancer:LoadBalancer': 'subnets',
  'aws:msk/cluster:Cluster': 'brokerNodeGroupInfo.clientSubnets',
  'aws:rds/subnetGroup:SubnetGroup': 'subnetIds',
};

export const cloudEnginesAreInThreeZones: ObjectRule = {
  id: 'cloud-engines-are-in-three-zones',
  statement: 'Engines and load balancers of a cloud are in three zones, and go over by themselves',
  reason: 'a zone that is lost takes them along',
  fix: "the noun's folder aws/",
  problemsOf: ({ kind, fields }) => {
    const place = SUBNETS[kind];
    const subnets = place === undefined ? undefined : listOf(valueAt(fields, place));
    const few =
      subnets !== undefined && subnets.length < 3
        ? [`${wordOf(place)} must be of three zones, got ${subnets.length}`]
        : [];
    switch (kind) {
      case 'aws:elasticache/replicationGroup:ReplicationGroup': {
        const nodes = Number(fields['numCacheClusters'] ?? 1);
        const replicas = Number(fields['replicasPerNodeGroup'] ?? nodes - 1);
        return [
          ...(replicas >= 2
            ? []
            : [`must have a node in each of three zones, got ${replicas + 1}`]),
          ...['automaticFailoverEnabled', 'multiAzEnabled']
            .filter((name) => fields[name] !== true)
            .map((name) => `${name} must be true, got ${shown(fields[name])}`),
        ];
      }
      case 'aws:msk/cluster:Cluster': {
        const brokers = Number(fields['numberOfBrokerNodes']);
        const isEven = brokers >= 3 && brokers % 3 === 0;
        return [
          ...few,
          ...(isEven ? [] : [`numberOfBrokerNodes must be as many in each zone, got ${brokers}`]),
        ];
      }
      default:
        return few;
    }
  },
};
