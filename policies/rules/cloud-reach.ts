import { listOf, objectsIn, shown, textOf, valueAt, wordOf } from '../fields.ts';
import type { ClusterObject, ObjectRule, StackProblem, StackRule } from '../rule.ts';

const INGRESS = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const BUCKET = 'aws:s3/bucket:Bucket';
const PUBLIC_ACCESS = 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock';

/** Networks that no packet comes from over the internet. Source: RFC 1918, RFC 6598 */
const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

export const cloudGroupsNameWhoComesIn: ObjectRule = {
  id: 'cloud-groups-name-who-comes-in',
  statement: 'Security groups name from where connections come, and from outside at 443 alone',
  reason: 'all of the internet can try what listens there',
  fix: "a rule for one security group in the noun's folder aws/",
  problemsOf: ({ kind, fields }) => {
    if (kind === INGRESS) return wrongRule(fields);
    if (kind !== GROUP) return [];
    return objectsIn(fields['ingress']).flatMap(
      ({ cidrBlocks, ipv6CidrBlocks, fromPort, toPort }) =>
        [...listOf(cidrBlocks), ...listOf(ipv6CidrBlocks)].flatMap((cidr) =>
          wrongRule({ cidrIpv4: cidr, fromPort, toPort }),
        ),
    );
  },
};

function wrongRule(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const { cidrIpv4, cidrIpv6, fromPort, toPort } = fields;
  return [cidrIpv4, cidrIpv6].flatMap((given) => {
    const cidr = textOf(given);
    if (EVERYWHERE.includes(cidr)) return [`lets in ${cidr}`];
    // What is not told yet is a network of ours, and IPv6 of others begins with 2000::/3.
    const isPublic = cidr.includes(':')
      ? /^[23]/.test(cidr)
      : /^\d/.test(cidr) && !PRIVATE.test(cidr);
    return isPublic && (fromPort !== 443 || toPort !== 443)
      ? [`lets ${cidr} in at ${shown(fromPort)} to ${shown(toPort)}, not at 443 alone`]
      : [];
  });
}

const LOCKS = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'];

export const nothingOfACloudIsPublic: ObjectRule = {
  id: 'nothing-of-a-cloud-is-public',
  statement: 'No engine, bucket, address or API of a cloud is open to the internet',
  reason: 'whoever finds it has only a password to guess',
  fix: "the noun's folder aws/",
  problemsOf: ({ kind, fields }) => {
    switch (kind) {
      case PUBLIC_ACCESS:
        return LOCKS.filter((name) => fields[name] !== true).map(
          (name) => `${name} must be true, got ${shown(fields[name])}`,
        );
      case 'aws:ec2/subnet:Subnet':
        return fields['mapPublicIpOnLaunch'] === true ? ['mapPublicIpOnLaunch is true'] : [];
      case 'aws:eks/cluster:Cluster':
        return publicApi(fields);
      case 'aws:msk/cluster:Cluster': {
        const access = valueAt(fields, 'brokerNodeGroupInfo.connectivityInfo.publicAccess.type');
        return access === undefined || access === 'DISABLED'
          ? []
          : [`has public access ${shown(access)}`];
      }
      case 'aws:rds/clusterInstance:ClusterInstance':
      case 'aws:rds/instance:Instance':
        return fields['publiclyAccessible'] === true ? ['publiclyAccessible is true'] : [];
      default:
        return [];
    }
  },
};

function publicApi(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const isPublic = valueAt(fields, 'vpcConfig.endpointPublicAccess') !== false;
  const from = listOf(valueAt(fields, 'vpcConfig.publicAccessCidrs')).map(wordOf);
  if (!isPublic) return [];
  return from.length === 0 || from.some((cidr) => EVERYWHERE.includes(cidr))
    ? ["the cluster's API answers all of the internet"]
    : [];
}

export const everyBucketIsLocked: StackRule = {
  id: 'every-bucket-is-locked',
  statement: 'Every bucket has a lock against public access',
  reason: 'one line of a policy gives its content to everybody',
  fix: 'an s3.BucketPublicAccessBlock of the name of the bucket',
  problemsAmong: (objects): readonly StackProblem[] => {
    const locked = new Set(
      objects.filter(({ kind }) => kind === PUBLIC_ACCESS).map(({ name }) => name),
    );
    return objects
      .filter(({ kind, name }) => kind === BUCKET && !locked.has(name))
      .map((object) => ({ object, problem: 'has no BucketPublicAccessBlock of its name' }));
  },
};

const PLAIN_LISTENERS: ReadonlySet<unknown> = new Set(['HTTP', 'UDP']);

export const cloudEnginesSpeakTlsAlone: ObjectRule = {
  id: 'cloud-engines-speak-tls-alone',
  statement:
    'Engines and listeners of a cloud take connections by TLS alone, from who proves who it is',
  reason: 'whoever is in the network reads along, or writes',
  fix: "the noun's folder aws/",
  problemsOf: (object) => {
    const { kind, fields } = object;
    switch (kind) {
      case 'aws:elasticache/replicationGroup:ReplicationGroup':
        return [
          ...mustBe(object, 'transitEncryptionEnabled', true),
          ...(fields['userGroupIds'] === undefined && fields['authToken'] === undefined
            ? ['lets in whoever comes: it has neither users nor a password']
            : []),
        ];
      case 'aws:lb/listener:Listener':
        return PLAIN_LISTENERS.has(fields['protocol'])
          ? [`listens by ${shown(fields['protocol'])}`]
          : [];
      case 'aws:msk/cluster:Cluster': {
        const anybody = valueAt(fields, 'clientAuthentication.unauthenticated');
        return [
          ...mustBe(object, 'encryptionInfo.encryptionInTransit.clientBroker', 'TLS'),
          ...(valueAt(fields, 'encryptionInfo.encryptionInTransit.inCluster') === false
            ? ['brokers speak to each other in clear text']
            : []),
          ...(anybody === true ? ['lets in whoever comes'] : []),
        ];
      }
      default:
        return [];
    }
  },
};

function mustBe({ fields }: ClusterObject, path: string, wanted: unknown): readonly string[] {
  const given = valueAt(fields, path);
  return given === wanted ? [] : [`${path} must be ${shown(wanted)}, got ${shown(given)}`];
}

export const nodesHideTheirCredentials: ObjectRule = {
  id: 'nodes-hide-their-credentials',
  statement: "Machines give their role's credentials to nobody but themselves",
  reason: 'a pod that is taken over has the rights of its node',
  fix: 'components/cluster/aws/nodes.ts',
  problemsOf: ({ kind, fields }) => {
    if (kind !== 'aws:ec2/launchTemplate:LaunchTemplate') return [];
    const tokens = valueAt(fields, 'metadataOptions.httpTokens');
    const hops = Number(valueAt(fields, 'metadataOptions.httpPutResponseHopLimit') ?? 1);
    return [
      ...(tokens === 'required'
        ? []
        : [`metadataOptions.httpTokens must be "required", got ${shown(tokens)}`]),
      ...(hops > 1 ? [`metadataOptions.httpPutResponseHopLimit must be 1, got ${hops}`] : []),
    ];
  },
};
