import { sampleAwsSettings } from '@meridian/components/testing/sample-aws.ts';
import type { StackNeeds } from '../stack-needs.ts';

const { aws } = sampleAwsSettings;

/** The same in a cluster that is there: nodes are its owner's. */
export const needsWithoutNodes: StackNeeds = {
  account: aws.account,
  region: aws.region,
  zones: ['a', 'b', 'c'].map((name) => ({ name, availabilityZone: `us-east-1${name}` })),
  architecture: 'arm64',
  network: {
    cidr: '10.0.0.0/16',
    existing: {
      vpcId: 'vpc-0a1b2c3d',
      subnetIds: {
        public: { a: 'subnet-0a', b: 'subnet-0b', c: 'subnet-0c' },
        private: { a: 'subnet-1a', b: 'subnet-1b', c: 'subnet-1c' },
        data: { a: 'subnet-2a', b: 'subnet-2b', c: 'subnet-2c' },
      },
    },
  },
  clusterName: 'meridian-prod',
  kubernetesVersion: '1.36',
  addons: [{ name: 'vpc-cni', version: 'v1.23.1-eksbuild.1' }],
  postgres: {
    ...{ type: 'db.m6gd.large', count: 3, version: '17' },
    restoreFrom: { snapshot: 'before-the-move' },
  },
  redis: { type: 'cache.t4g.small', count: 3, version: '8.0', engine: 'valkey' },
  kafka: { type: 'kafka.m7g.large', count: 3, version: '3.9.x.kraft' },
  addresses: 3,
  networks: 1,
  balancers: 1,
  images: [
    {
      name: 'catalog',
      reference: '111122223333.dkr.ecr.us-east-1.amazonaws.com/meridian-prod/catalog:0.1.0',
      digest: `sha256:${'a'.repeat(64)}`,
    },
  ],
  secrets: ['meridian-prod/cloudflare-api-token'],
  cloudflare: aws.cloudflare,
  edgeNetworks: ['192.0.2.0/25', '198.51.100.0/24'],
  host: 'meridian.example',
};

/** What a small stack needs of an account that is nobody's, in a network that is there already. */
export const sampleNeeds: StackNeeds = {
  ...needsWithoutNodes,
  nodes: { type: 'm7g.large', count: 12, version: '' },
};
