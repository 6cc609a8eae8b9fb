import { wordOf } from '@meridian/policies/fields.ts';
import { each, once, sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import { ACCESS_KINDS } from './cloud-access-kinds.ts';
import { ANOTHER_KEY, guard, missed } from './cloud-aspects.ts';
import { BUCKET_KINDS } from './cloud-bucket-kinds.ts';
import { NETWORK_KINDS } from './cloud-network-kinds.ts';
import { SIGHT_KINDS } from './cloud-sight-kinds.ts';
import { backupRetention, retention } from './kept.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';

/** Who may do what: a policy is one text or object, of which any part may be the one that matters. */
const policy = (field: RegExp): Aspect =>
  once(field, 'rights-added', 'who has it may do other things, or more', 'policy');

const trust = (field: RegExp): Aspect =>
  once(field, 'trust-changed', 'others may use it, or take its rights', 'who may use it');

const DELETION = guard(/^(?:deletionProtection|enableDeletionProtection)$/, {
  kind: 'data-unprotected',
  consequence: 'the cloud deletes it for whoever asks',
});

const KEY = each(
  /(?:^|\.)(?:kmsKeyId|kmsKeyArn|keyArn|encryptionAtRestKmsKeyArn|performanceInsightsKmsKeyId)$/,
  'trust-changed',
  ANOTHER_KEY,
);

/** By so much less of a whole it carries less than somebody reckoned with: a fifth. */
const LESS = 0.8;

const SIZE: Aspect = {
  field:
    /(?:^|\.)(?:instanceType|instanceTypes|dbClusterInstanceClass|nodeType|allocatedStorage|iops|volumeSize|numberOfBrokerNodes|numCacheClusters|replicasPerNodeGroup|minSize|maxSize|desiredSize)(?:\[\d+\])?$/,
  tell: (_change, lines) =>
    lines.map((line) => ({
      property: line.property,
      ...sides(line),
      ...(Number(line.after) <= Number(line.before) * LESS
        ? { kind: 'capacity-down', consequence: 'it carries a fifth less, or worse' }
        : {
            kind: 'scale-changed',
            consequence: 'it carries another load, and costs something else',
          }),
    })),
};

const VERSION = each(
  /^(?:engineVersion|kafkaVersion|version|releaseVersion)$/,
  'engine-restarted',
  'what holds state stops and begins again, with another version of its program',
);

/** What makes backups is missed when it is gone, though it holds none. */
const BACKED_UP: Aspect = {
  field: /^$/,
  isOfWholes: true,
  tell: ({ operation }) =>
    operation === 'delete'
      ? [
          {
            kind: 'backup-cut',
            before: 'there',
            after: 'none',
            consequence: 'no further backup is made by it',
          },
        ]
      : [{ kind: 'object-added', consequence: 'there is one more' }],
};

const PARAMETERS = once(
  /^(?:parameters|serverProperties|configurationInfo|dbClusterParameterGroupName|parameterGroupName)\b/,
  'store-changed',
  'the engine works by other rules, some of them after it is started again',
  'parameters',
);

/** Who comes in through a security group. */
const OPENED: Aspect = {
  field:
    /^(?:cidrIpv4|cidrIpv6|fromPort|toPort|ipProtocol|referencedSecurityGroupId|securityGroupId)$/,
  isOfWholes: true,
  tell: ({ operation, after }, lines) => {
    if (operation === 'create') {
      const from = (after?.['cidrIpv4'] ?? after?.['cidrIpv6'] ?? 'a security group') as string;
      const isEverybody = from === '0.0.0.0/0' || from === '::/0';
      return [
        {
          kind: isEverybody ? 'newly-reachable' : 'network-opened',
          before: 'closed',
          after: `open to ${from}`,
          consequence: isEverybody
            ? 'all of the internet gets in'
            : 'connections arrive that did not',
        },
      ];
    }
    if (operation === 'delete') {
      return [{ kind: 'network-closed', consequence: 'connections that were made end' }];
    }
    const from = lines.filter(({ property }) => SOURCES.test(property));
    const others = lines.filter((line) => !from.includes(line));
    const given = (side: 'before' | 'after') => from.map((line) => line[side]).find(isGiven);
    const one = { property: 'from', before: given('before'), after: given('after') };
    return [...(from.length === 0 ? [] : [one]), ...others].map(opened);
  },
};

/** From where connections come is said by one of these: a network or a group in place of each other is one change. */
const SOURCES = /^(?:cidrIpv4|cidrIpv6|referencedSecurityGroupId)$/;

const isGiven = (value: unknown): boolean => value !== undefined;

function opened(line: Pick<PropertyLine, 'property' | 'before' | 'after'>): Told {
  const isEverybody = line.after === '0.0.0.0/0' || line.after === '::/0';
  return {
    kind: isEverybody ? 'newly-reachable' : 'network-opened',
    property: line.property,
    ...sides(line),
    consequence: isEverybody ? 'all of the internet gets in' : 'connections arrive that did not',
  };
}

const API_ACCESS = each(
  /^vpcConfig\.(?:endpointPublicAccess|publicAccessCidrs)\b/,
  'newly-reachable',
  "the cluster's API answers from elsewhere",
);

/** What changes of resources of clouds mean, by their kinds. Sources: the documents of each resource in @pulumi/aws 7 and @pulumi/cloudflare 6. */
export const CLOUD_KINDS: Readonly<Record<string, readonly Aspect[]>> = {
  ...ACCESS_KINDS,
  ...BUCKET_KINDS,
  ...NETWORK_KINDS,
  ...SIGHT_KINDS,
  'appautoscaling:Policy': [each(/^(?!tags)/, 'limits-changed', 'it grows at another load')],
  'appautoscaling:Target': [each(/^(?!tags)/, 'limits-changed', 'it grows to another size')],
  'backup:Plan': [
    backupRetention(/\blifecycle\.deleteAfter$/),
    each(/\bschedule$/, 'backup-cut', 'backups are made at other times, or less often'),
    each(/\btargetVaultName$/, 'backup-cut', 'backups are kept elsewhere'),
    each(/^rules(?:\[\d+\])?$/, 'backup-cut', 'there is one way of making backups more, or less'),
    BACKED_UP,
  ],
  'backup:Selection': [
    each(/^(?:resources|iamRoleArn|notResources)\b/, 'backup-cut', 'other things are backed up'),
    BACKED_UP,
  ],
  'cloudwatch:LogGroup': [retention(/^retentionInDays$/), KEY],
  'cloudwatch:MetricAlarm': [
    once(/./, 'alert-loosened', 'it fires at another time, or wakes somebody else', 'alarm'),
  ],
  'ec2:Subnet': [
    each(/^cidrBlock$/, 'object-changed', 'what is made in it has other addresses'),
    guard(/^mapPublicIpOnLaunch$/, {
      kind: 'object-changed',
      consequence: 'nothing in it has an address of the internet',
    }),
  ],
  'eks:Addon': [
    each(/^addonVersion$/, 'image-changed', 'another program runs for every pod'),
    each(
      /^(?:podIdentityAssociations|serviceAccountRoleArn)\b/,
      'rights-added',
      'it may do other things, or more',
    ),
    each(
      /^(?:configurationValues|resolveConflictsOn\w+)\b/,
      'limits-changed',
      'it works by other settings',
    ),
    missed('unknown-change', 'what it does for every pod is done by nobody'),
  ],
  'eks:Cluster': [DELETION, KEY, VERSION, API_ACCESS],
  'eks:NodeGroup': [SIZE, VERSION],
  'ec2:LaunchTemplate': [SIZE],
  'elasticache:ReplicationGroup': [
    backupRetention(/^snapshotRetentionLimit$/),
    guard(/^(?:atRestEncryptionEnabled|transitEncryptionEnabled)$/, {
      kind: 'trust-changed',
      consequence: 'whoever is in the network reads along',
    }),
    guard(/^(?:multiAzEnabled|automaticFailoverEnabled)$/, {
      kind: 'zone-proof-lost',
      consequence: 'a zone that is lost takes it along',
    }),
    ...[KEY, SIZE, VERSION, PARAMETERS],
  ],
  'elasticache:User': [
    once(/^accessString$/, 'rights-added', 'it may use other commands or keys', 'rights'),
    each(/^(?:passwords|authenticationMode)\b/, 'secret-changed', 'it has another password'),
  ],
  'iam:Policy': [policy(/^policy\b/)],
  'iam:Role': [
    trust(/^assumeRolePolicy\b/),
    once(/^permissionsBoundary$/, 'rights-added', 'what it can ever be given is more', 'boundary'),
  ],
  'iam:RolePolicy': [policy(/^policy\b/)],
  'iam:RolePolicyAttachment': [
    {
      field: /^policyArn$/,
      isOfWholes: true,
      tell: ({ operation, after, before }) => [
        {
          kind: operation === 'delete' ? 'rights-removed' : 'rights-added',
          property: wordOf(after?.['policyArn'] ?? before?.['policyArn']),
          consequence:
            operation === 'delete' ? 'what still needs them fails' : 'a role may do more',
        },
      ],
    },
  ],
  'kms:Key': [
    trust(/^policy\b/),
    guard(/^(?:enableKeyRotation|isEnabled)$/, {
      kind: 'trust-changed',
      consequence: 'the same key encrypts for ever, or nothing any more',
    }),
    backupRetention(/^deletionWindowInDays$/),
  ],
  'lb:LoadBalancer': [
    DELETION,
    guard(/^internal$/, {
      kind: 'newly-reachable',
      consequence: 'it has addresses of the internet',
    }),
    each(/^securityGroups\b/, 'network-opened', 'others reach it'),
    each(/^accessLogs\b/, 'sight-lost', 'who asked what of it is written elsewhere, or not'),
    guard(/^enableCrossZoneLoadBalancing$/, {
      kind: 'limits-changed',
      consequence: 'a zone serves what arrives in it, and no more',
    }),
  ],
  'msk:Cluster': [
    each(
      /^encryptionInfo\.encryptionInTransit\b|^clientAuthentication\b/,
      'trust-changed',
      'who is let in, or who reads along, is another',
    ),
    ...[KEY, SIZE, VERSION, PARAMETERS],
  ],
  'msk:Configuration': [PARAMETERS],
  'msk:Topic': [
    once(/^configs$/, 'retention-cut', 'records may be gone sooner, or copies be fewer', 'configs'),
    each(
      /^(?:partitionCount|replicationFactor)$/,
      'topic-changed',
      'its order or its copies are others',
    ),
  ],
  'rds:Cluster': [
    backupRetention(/^backupRetentionPeriod$/),
    each(
      /^iamDatabaseAuthenticationEnabled$/,
      'trust-changed',
      'who has a token of IAM comes in, or not any more',
    ),
    guard(/^storageEncrypted$/, {
      kind: 'trust-changed',
      consequence: 'whoever gets a volume reads it',
    }),
    each(
      /^(?:skipFinalSnapshot|deleteAutomatedBackups)$/,
      'backup-cut',
      'what is deleted with it leaves nothing behind',
    ),
    ...[DELETION, KEY, SIZE, VERSION, PARAMETERS],
  ],
  'rds:ClusterParameterGroup': [PARAMETERS],
  'secretsmanager:Secret': [KEY, backupRetention(/^recoveryWindowInDays$/)],
  'secretsmanager:SecretVersion': [
    each(/^secretString\b/, 'secret-changed', 'whoever reads it gets another value'),
  ],
  'vpc:SecurityGroupIngressRule': [OPENED],
  'elasticache:ParameterGroup': [PARAMETERS],
  'index:RandomBytes': [once(/./, 'secret-changed', 'other bytes are drawn', 'bytes')],
  'index:RandomId': [once(/./, 'secret-changed', 'another one is drawn', 'id')],
  'index:RandomString': [once(/./, 'secret-changed', 'another one is drawn', 'text')],
  'index:RandomPassword': [once(/./, 'secret-changed', 'another password is drawn', 'password')],
  'index:Ruleset': [
    once(/^rules\b/, 'network-opened', 'the edge lets other requests through', 'rules'),
  ],
  'index:ZoneSetting': [
    each(/^value$/, 'trust-changed', 'the edge speaks with others by other rules'),
  ],
};
