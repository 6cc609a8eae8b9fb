import type { CloudWatchSettings } from '@meridian/components/observability/rules/cloud-alerts.ts';

/** What AWS manages, as in no stack. */
export const CLOUD: CloudWatchSettings = {
  postgres: {
    instances: { pattern: 'database-.+' },
    storageBytes: 100 * 1_024 ** 3,
    vaults: { pattern: 'vault-.+' },
  },
  kafka: { cluster: 'brokers' },
  redis: { nodes: { pattern: 'cache-.+' } },
  edge: { balancers: { pattern: 'net/edge-.+' }, targetGroups: { pattern: 'targetgroup/edge/.+' } },
  hasWaysOut: true,
  cluster: 'pods',
};
