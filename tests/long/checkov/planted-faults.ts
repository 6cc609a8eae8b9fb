import type { ExportedResource } from '../../../tools/meridian/rehearsal/exported-resource.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** A fault that somebody could write into the program, and the check that has to find it. */
export interface PlantedFault {
  readonly name: string;
  readonly check: string;
  /** Of which type it is. */
  readonly type: string;
  /** The inputs with the fault in them. */
  readonly planted: (inputs: Inputs) => Inputs;
}

const within = (inputs: Inputs, name: string, changes: Inputs): Inputs => ({
  ...inputs,
  [name]: { ...(inputs[name] as Inputs), ...changes },
});

const without = (inputs: Inputs, name: string): Inputs =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== name));

const EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

/** One of each kind of neglect, among resources of prod. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a bucket that may be public',
    check: 'CKV_AWS_53',
    type: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
    planted: (inputs) => ({ ...inputs, blockPublicAcls: false }),
  },
  {
    name: 'a key that is never rotated',
    check: 'CKV_AWS_7',
    type: 'aws:kms/key:Key',
    planted: (inputs) => without(inputs, 'enableKeyRotation'),
  },
  {
    name: 'databases in the clear',
    check: 'CKV_AWS_96',
    type: 'aws:rds/cluster:Cluster',
    planted: (inputs) => ({ ...inputs, storageEncrypted: false }),
  },
  {
    name: 'databases that anybody may delete',
    check: 'CKV_AWS_139',
    type: 'aws:rds/cluster:Cluster',
    planted: (inputs) => without(inputs, 'deletionProtection'),
  },
  {
    name: 'an API server for the whole internet',
    check: 'CKV_AWS_38',
    type: 'aws:eks/cluster:Cluster',
    planted: (inputs) =>
      within(inputs, 'vpcConfig', { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] }),
  },
  {
    name: 'brokers that take plain text',
    check: 'CKV_AWS_81',
    type: 'aws:msk/cluster:Cluster',
    planted: (inputs) =>
      within(inputs, 'encryptionInfo', {
        encryptionInTransit: { clientBroker: 'TLS_PLAINTEXT', inCluster: true },
      }),
  },
  {
    name: 'a cache without TLS',
    check: 'CKV_AWS_30',
    type: 'aws:elasticache/replicationGroup:ReplicationGroup',
    planted: (inputs) => ({ ...inputs, transitEncryptionEnabled: false }),
  },
  {
    name: 'SSH for everybody',
    check: 'CKV_AWS_24',
    type: 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
    planted: (inputs) => ({
      ...without(inputs, 'referencedSecurityGroupId'),
      ...{ cidrIpv4: '0.0.0.0/0', fromPort: 22, toPort: 22, ipProtocol: 'tcp' },
    }),
  },
  {
    name: 'a role that may do everything',
    check: 'CKV_AWS_355',
    type: 'aws:iam/rolePolicy:RolePolicy',
    planted: (inputs) => ({ ...inputs, policy: EVERYTHING }),
  },
  {
    name: 'nodes whose pods may ask for the role of the node',
    check: 'CKV_AWS_79',
    type: 'aws:ec2/launchTemplate:LaunchTemplate',
    planted: (inputs) => within(inputs, 'metadataOptions', { httpTokens: 'optional' }),
  },
];

/** The resources with a fault in the first of its type. */
export function withFault(
  resources: readonly ExportedResource[],
  { type, planted }: PlantedFault,
): readonly ExportedResource[] {
  const first = resources.find((resource) => resource.type === type);
  if (first === undefined) throw new Error(`No resource of the type '${type}' to plant a fault in`);
  return resources.map((resource) =>
    resource === first ? { ...resource, inputs: planted(resource.inputs ?? {}) } : resource,
  );
}
