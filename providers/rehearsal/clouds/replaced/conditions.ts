import { isRecord } from '../../provider/property-values.ts';
import type { Properties } from '../../provider/property-values.ts';
import { isOlder } from './engine-versions.ts';

/** What becomes of a resource by a change of one property. */
export type Outcome = 'replaced' | 'kept' | 'unknown';

/** Says it of two sets of inputs, of which the property differs; 'unknown' where they do not decide it. */
export type Condition = (before: Properties, after: Properties) => Outcome;

/** Where a rule leads or comes from: one of these. */
const RULE_SOURCES = ['cidrIpv4', 'cidrIpv6', 'prefixListId', 'referencedSecurityGroupId'] as const;

/** Conditions by type, by property, as the code says them that the generated facts name (`when: 'condition'`). */
export const CONDITIONS: Readonly<Record<string, Readonly<Record<string, Condition>>>> = {
  'aws:acm/certificate:Certificate': {
    domainName: (_, after) => replacedIf(after['certificateBody'] === undefined),
    subjectAlternativeNames: (_, after) => replacedIf(after['certificateBody'] === undefined),
  },
  'aws:ec2/natGateway:NatGateway': {
    secondaryPrivateIpAddressCount: (_, after) => {
      const isPrivate = after['connectivityType'] === 'private';
      return replacedIf(isPrivate && after['secondaryPrivateIpAddressCount'] !== undefined);
    },
  },
  'aws:ec2/subnet:Subnet': {
    // Another block follows from how the former one came.
    ipv6CidrBlock: (before) => replacedIf(before['assignIpv6AddressOnCreation'] === true),
  },
  'aws:ec2/vpc:Vpc': {
    instanceTenancy: (before, after) => {
      const [old = 'default', wanted = 'default'] = both('instanceTenancy', before, after);
      return replacedIf(old !== 'dedicated' || wanted !== 'default');
    },
  },
  'aws:ec2/vpcEndpoint:VpcEndpoint': {
    privateDnsEnabled: (_, after) => replacedIf(after['vpcEndpointType'] !== 'Interface'),
  },
  'aws:eks/cluster:Cluster': {
    encryptionConfig: (_, after) => replacedIf(after['encryptionConfig'] === undefined),
    'computeConfig.nodeRoleArn': (before, after) => {
      const old = memberOf(before['computeConfig'], 'nodeRoleArn');
      const wanted = memberOf(after['computeConfig'], 'nodeRoleArn');
      if (old === undefined) return 'kept';
      return wanted === undefined ? 'unknown' : replacedIf(old !== wanted);
    },
    'vpcConfig.controlPlaneEgressMode': (before, after) => {
      const old = memberOf(before['vpcConfig'], 'controlPlaneEgressMode');
      const wanted = memberOf(after['vpcConfig'], 'controlPlaneEgressMode');
      return replacedIf(old === 'CUSTOMER_ROUTED' && wanted === 'AWS_MANAGED');
    },
  },
  'aws:elasticache/replicationGroup:ReplicationGroup': {
    engine: ofNoGlobalGroup((before, after) => {
      const [old = 'redis', wanted = 'redis'] = both('engine', before, after);
      return replacedIf(old !== 'redis' || wanted !== 'valkey');
    }),
    engineVersion: ofNoGlobalGroup((before, after) =>
      olderReplaces(both('engineVersion', before, after)),
    ),
    // What of two lists of groups is significant is a long comparison of the provider's own.
    nodeGroupConfigurations: (before, after) =>
      both('nodeGroupConfigurations', before, after).includes(undefined) ? 'replaced' : 'unknown',
    // The code asks for the version that runs.
    transitEncryptionEnabled: (before) =>
      replacedIfKnown(isOlder(before['engineVersion'], '7.0.5')),
  },
  'aws:lb/loadBalancer:LoadBalancer': {
    secondaryIpsAutoAssignedPerSubnet: ofNetworkBalancer((before, after) => {
      const [old, wanted] = both('secondaryIpsAutoAssignedPerSubnet', before, after);
      return replacedIf(Number(wanted ?? 0) < Number(old ?? 0));
    }),
    securityGroups: ofNetworkBalancer((before, after) => {
      const [old, wanted] = lengths('securityGroups', before, after);
      return replacedIf((old === 0) !== (wanted === 0));
    }),
    subnetMappings: ofNetworkBalancer((before, after) =>
      replacedIf(!isOnlyMore('subnetMappings', before, after)),
    ),
    // The code asks how many there are, and no more.
    subnets: ofNetworkBalancer((before, after) => {
      const [old, wanted] = lengths('subnets', before, after);
      return replacedIf(wanted <= old);
    }),
  },
  'aws:msk/cluster:Cluster': {
    kafkaVersion: (before, after) => olderReplaces(both('kafkaVersion', before, after)),
    storageMode: (_, after) => replacedIf(after['storageMode'] === 'LOCAL'),
  },
  'aws:rds/cluster:Cluster': {
    // It may be taken away in place (its DiffSuppressFunc).
    snapshotIdentifier: (_, after) => replacedIf(after['snapshotIdentifier'] !== undefined),
    // The code replaces it for engines other than Aurora, and Pulumi's patch 0030 takes that out (pulumi-aws pull request 6553, July 2026).
    storageType: () => 'kept',
  },
  'aws:s3/bucketLogging:BucketLogging': { expectedBucketOwner: anotherOwner },
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': {
    expectedBucketOwner: anotherOwner,
  },
  'aws:s3/bucketVersioning:BucketVersioning': { expectedBucketOwner: anotherOwner },
  'aws:secretsmanager/secretVersion:SecretVersion': {
    secretString: anotherSecret('secretString'),
    // It is never kept, so the code compares it with what it was only through its version or `secretString`.
    secretStringWo: () => 'unknown',
    secretStringWoVersion: anotherSecret('secretStringWoVersion'),
  },
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': ruleSources(),
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': ruleSources(),
  'cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate': {
    // The same certificate in another spelling stays.
    certificate: (before, after) =>
      replacedIf(withoutSpaces(before['certificate']) !== withoutSpaces(after['certificate'])),
  },
  'random:index/randomId:RandomId': { keepers: anyOther },
  'random:index/randomPassword:RandomPassword': ofDrawnText(),
  'random:index/randomString:RandomString': ofDrawnText(),
};

function replacedIf(isReplaced: boolean): Outcome {
  return isReplaced ? 'replaced' : 'kept';
}

function replacedIfKnown(isReplaced: boolean | undefined): Outcome {
  return isReplaced === undefined ? 'unknown' : replacedIf(isReplaced);
}

function both(
  property: string,
  before: Properties,
  after: Properties,
): readonly [old: unknown, wanted: unknown] {
  return [before[property], after[property]];
}

function lengths(
  property: string,
  before: Properties,
  after: Properties,
): readonly [old: number, wanted: number] {
  return [countIn(before[property]), countIn(after[property])];
}

function countIn(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** Whether all that was there is there still. */
function isOnlyMore(property: string, before: Properties, after: Properties): boolean {
  const [old, wanted] = both(property, before, after).map((list) =>
    (Array.isArray(list) ? list : []).map((member) => JSON.stringify(member)),
  );
  return old?.every((member) => wanted?.includes(member) === true) === true;
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** Engines go back to an older version only as another resource. */
function olderReplaces([old, wanted]: readonly unknown[]): Outcome {
  if (wanted === undefined) return 'kept';
  return replacedIfKnown(isOlder(wanted, old));
}

/** A group of a global one follows that. */
function ofNoGlobalGroup(condition: Condition): Condition {
  return (before, after) =>
    after['globalReplicationGroupId'] === undefined ? condition(before, after) : 'unknown';
}

/** What else a balancer of another kind does nobody has looked up, as the platform has none. */
function ofNetworkBalancer(condition: Condition): Condition {
  return (before, after) =>
    after['loadBalancerType'] === 'network' ? condition(before, after) : 'unknown';
}

/** Where none was said, it may be the account's own. */
function anotherOwner(before: Properties): Outcome {
  return before['expectedBucketOwner'] === undefined ? 'unknown' : 'replaced';
}

/** A version of a secret that has another text is another version. */
function anotherSecret(property: string): Condition {
  return (before, after) =>
    both(property, before, after).includes(undefined) ? 'unknown' : 'replaced';
}

/**
 * A rule keeps the kind of its source.
 * Source: internal/service/ec2, securityGroupRuleResource.ModifyPlan, which names no property
 */
function ruleSources(): Readonly<Record<string, Condition>> {
  const condition: Condition = (before, after) => {
    const kinds = [before, after].map((inputs) =>
      RULE_SOURCES.filter((property) => inputs[property] !== undefined).join(' '),
    );
    return replacedIf(kinds[0] !== kinds[1]);
  };
  return Object.fromEntries(RULE_SOURCES.map((property) => [property, condition]));
}

function withoutSpaces(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\s/g, '') : value;
}

/** The code passes over what has no value, which Pulumi keeps nowhere. */
function anyOther(): Outcome {
  return 'replaced';
}

function ofDrawnText(): Readonly<Record<string, Condition>> {
  return {
    keepers: anyOther,
    overrideSpecial: (before, after) =>
      replacedIf(before['overrideSpecial'] !== '' || after['overrideSpecial'] !== undefined),
  };
}
