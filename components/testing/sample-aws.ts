import type { AwsSettings } from '../aws/aws-settings.ts';
import { sampleClusterSettings } from './sample-cluster.ts';

/** The sample platform's settings in an account of AWS that is nobody's. */
export const sampleAwsSettings: AwsSettings = {
  ...sampleClusterSettings,
  landing: 'aws',
  aws: {
    region: 'us-east-1',
    account: '111122223333',
    size: 'small',
    sizes: {
      nodes: { instanceType: 'm7g.large', least: 2, most: 4, diskGib: 100 },
      kafka: { instanceType: 'kafka.m7g.large', brokers: 1, storageGib: 100 },
      postgres: { instanceClass: 'db.m6gd.large', storageGib: 100, iops: 1_000, backupDays: 14 },
      redis: { nodeType: 'cache.t4g.small' },
    },
    architecture: 'arm64',
    network: {
      cidr: '10.0.0.0/16',
      zones: Object.fromEntries(
        sampleClusterSettings.zones.map(({ name }, place) => [
          name,
          {
            private: `10.0.${64 * place}.0/19`,
            data: `10.0.${64 * place + 32}.0/20`,
            public: `10.0.${64 * place + 48}.0/20`,
          },
        ]),
      ),
    },
    serviceNetwork: '172.20.0.0/16',
    kubernetesVersion: '1.36',
    api: { publicFrom: [] },
    cloudflare: {
      zoneId: '0'.repeat(32),
      accountId: '0'.repeat(32),
      plan: 'pro',
      rules: ['managed', 'owasp', 'sign-in-rate', 'api-rate'],
      originPullAuthorities: [],
    },
    logDays: 365,
  },
};
