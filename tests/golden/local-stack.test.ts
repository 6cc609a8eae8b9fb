import { globSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { lowerLocal } from '@meridian/components/local/lower-local.ts';
import { databaseGrants } from '@meridian/components/model/grants.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { GRAPH_FILE } from '@meridian/components/observability/local/console.ts';
import { RULES_FILE } from '@meridian/components/observability/local/prometheus.ts';
import { TELEMETRY_ENGINES } from '@meridian/components/observability/local-places.ts';
import { postgresBinding } from '@meridian/components/postgres/postgres-binding.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { goldenText } from './golden-file.ts';

const settings = localSettings({});
const graph = platform(settings);

// Digests are of the code of the day; everything else of the stack is in the golden files.
const stack = lowerLocal(landed(graph), settings, {
  version: '0.0.0',
  revisions: {
    'account-setup': 'account-setup',
    catalog: 'catalog',
    gateway: 'gateway',
    identity: 'identity',
    payments: 'payments',
    'payment-provider-stand-in': 'payment-provider-stand-in',
    'catalogue-seed': 'catalogue-seed',
  },
  migrations: {
    'services/catalog/migrations': 'migrations',
    'services/identity/migrations': 'migrations',
    'services/payments/migrations': 'migrations',
  },
  installed: {
    ...{ postgres: 'postgres', redis: 'redis', kafka: 'kafka', envoy: 'envoy' },
    ...Object.fromEntries(TELEMETRY_ENGINES.map((engine) => [engine, engine])),
  },
});

describe('the platform', () => {
  test('is the graph that was reviewed', () => {
    const { given, golden } = goldenText('graph', graph);
    expect(given).toBe(golden);
  });

  test('tells audit for how many days a stack has entries keep what they carry', () => {
    const keeping = platform(localSettings({ auditKeepDays: '3650' }));
    const told = databaseGrants(keeping).map((grant) =>
      postgresBinding(grant, { host: 'postgres', port: 5432 }),
    );
    const days = told.map(({ database, 'keep-days': kept }) => [database, kept]);
    expect(Object.fromEntries(days)).toMatchObject({ audit: '3650', payments: undefined });
  });

  test('declares every service and every task that is in services/', () => {
    const names = globSync('services/*/service.ts').map((file) => file.split('/')[1]);
    expect(graph.services.map(({ name }) => name)).toEqual(names.sort());
    expect(graph.tasks.map(({ entry }) => entry).sort()).toEqual(
      globSync('services/*/*/task.ts')
        .map((file) => file.replace('task.ts', 'main.ts'))
        .sort(),
    );
  });
});

describe('the local stack', () => {
  // Of some nouns there is nothing here.
  const nouns = Object.entries(stack).filter(([, value]) => value !== null);
  /** Files of tens of kilobytes that rules.golden.yaml and graph.golden.json show by lines. */
  const withoutLong = (key: string, value: unknown) =>
    key === RULES_FILE || key === GRAPH_FILE ? 'shown elsewhere' : value;

  test.each(nouns)('lowers %s to what was reviewed', (noun, value) => {
    const shown: unknown = JSON.parse(JSON.stringify(value, withoutLong));
    const { given, golden } = goldenText(`local/${noun}`, shown);
    expect(given).toBe(golden);
  });
});
