import { describe, expect, test } from '@jest/globals';
import type * as k8s from '../kubernetes/k8s.ts';
import { buildGraph } from '../model/build-graph.ts';
import {
  connectionsInAll,
  OPERATING_CONNECTIONS,
  POOL_RANGE,
  poolSize,
  SERVER_CONNECTIONS,
  SHARED_CONNECTIONS,
} from '../model/database-connections.ts';
import { landed } from '../model/landed.ts';
import type { PlatformProps } from '../model/platform.ts';
import { postgres } from '../model/store.ts';
import { archive, samplePlatform } from '../model/testing/sample-platform.ts';
import { MONITOR } from '../observability/engines/monitor.ts';
import { sampleCluster } from '../testing/sample-cluster.ts';
import { sampleStack } from '../testing/sample-stack.ts';

/** Four services with a database, of which one publishes and another listens. */
const ledgers = [1, 2, 3].map((number) => ({
  ...archive,
  name: `ledger-${number}`,
  slot: 10 + number,
  stores: [
    postgres({
      name: `ledger-${number}`,
      migrations: `services/ledger-${number}/migrations`,
      sessions: number === 3 ? 1 : 0,
    }),
  ],
  implemented: true,
}));
const platform: PlatformProps = {
  ...samplePlatform,
  services: [...samplePlatform.services, ...ledgers],
};

/** Source: PostgreSQL 18, "Connection Settings", superuser_reserved_connections. */
const SUPERUSER_RESERVED = 3;

/** Of each process: requests, readiness, the relay of a service that publishes, and what listens. */
const heldBy = (service: string, pool: number): number =>
  pool + (service === 'shelf' || service === 'ledger-3' ? 2 : 1);

describe('connections to PostgreSQL in a cluster', () => {
  const stack = sampleCluster({}, platform);
  const [cluster] = stack.postgres.steps
    .flatMap(({ manifests = [] }) => manifests)
    .filter(({ kind }) => kind === 'Cluster');
  const { postgresql, managed, resources } = (cluster as unknown as k8s.Cluster).spec;
  const configurationOf = (name: string): { readonly databaseConnections?: number } =>
    JSON.parse(
      stack.services.find((service) => service.name === name)?.configuration ?? '',
    ) as object;

  test('are enough for every service at its most replicas, in two releases', () => {
    const roles = (managed?.roles ?? []).filter(
      ({ login, name }) => login === true && !['migrator', MONITOR].includes(name),
    );
    expect(roles).toHaveLength(4);
    for (const { name, connectionLimit } of roles) {
      const service = name.replaceAll('_', '-');
      const { databaseConnections: pool = 0 } = configurationOf(service);
      expect(pool).toBeGreaterThanOrEqual(POOL_RANGE[0]);
      expect(connectionLimit).toBe(2 * 20 * heldBy(service, pool));
    }
    const all = roles.reduce((sum, { connectionLimit = 0 }) => sum + connectionLimit, 0);
    const most = Number(postgresql?.parameters?.['max_connections']);
    expect(all).toBeLessThanOrEqual(most - OPERATING_CONNECTIONS);
  });

  test('are enough for every role at its limit, and for the superuser besides', () => {
    const limits = (managed?.roles ?? [])
      .filter(({ login }) => login === true)
      .map(({ connectionLimit = -1 }) => connectionLimit);
    expect(limits).toHaveLength(6);
    expect(Math.min(...limits)).toBeGreaterThan(0);
    const all = limits.reduce((sum, limit) => sum + limit, SUPERUSER_RESERVED);
    expect(all).toBeLessThanOrEqual(Number(postgresql?.parameters?.['max_connections']));
  });

  test('have the memory that they take', () => {
    const memoryMiB = Number(/^(\d+)Gi$/.exec(String(resources?.limits?.['memory']))?.[1]) * 1_024;
    expect(memoryMiB).toBeGreaterThanOrEqual(512 + SERVER_CONNECTIONS * 3);
  });

  test('are nothing to a service without a database', () => {
    expect(configurationOf('door')).not.toHaveProperty('databaseConnections');
  });

  test('are the same for a service whether others have code yet or not', () => {
    const graph = buildGraph({
      ...platform,
      services: platform.services.map((service) => ({
        ...service,
        implemented: service.name === 'shelf' || service.name === 'door',
      })),
    });
    expect(landed(graph).databasePool).toBe(buildGraph(platform).databasePool);
  });
});

describe('connections to PostgreSQL on this machine', () => {
  test.each([
    [3, 10],
    [20, 4],
  ])('are those of the %i replicas that run here: %i for requests', (count, connections) => {
    const replicas = Object.fromEntries(
      ['shelf', ...ledgers.map(({ name }) => name)].map((name) => [name, count]),
    );
    const { postgres: server, services } = sampleStack({ replicas }, platform);
    const { files } = services.find(({ name }) => name === 'shelf')?.replicas[0]?.process ?? {};
    const { databaseConnections } = JSON.parse(files?.['config/service.json'] ?? '') as {
      readonly databaseConnections?: number;
    };
    expect(databaseConnections).toBe(connections);
    const role = server.roles.find(({ name }) => name === 'shelf');
    expect(role?.connectionLimit).toBe(2 * count * heldBy('shelf', connections));
    expect(server.process.files['postgresql.conf']).toContain(
      `max_connections = '${SERVER_CONNECTIONS}'`,
    );
  });
});

describe('the size of a pool', () => {
  const demand = { service: 'shelf', processes: 40, databases: 1, own: 2 };

  test('is the largest with which all fit, and at most ten', () => {
    expect([1, 2, 3, 4, 5, 8].map((count) => poolSize(Array(count).fill(demand)))).toEqual([
      ...[10, 10, 6, 4, 2, 1],
    ]);
    for (const count of [1, 2, 3, 4]) {
      const demands = Array(count).fill(demand) as (typeof demand)[];
      const pool = poolSize(demands);
      expect(connectionsInAll(demands, pool)).toBeLessThanOrEqual(SHARED_CONNECTIONS);
      if (pool < POOL_RANGE[1]) {
        expect(connectionsInAll(demands, pool + 1)).toBeGreaterThan(SHARED_CONNECTIONS);
      }
    }
    expect(poolSize([])).toBe(10);
  });
});
