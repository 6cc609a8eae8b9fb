import type { ProcessStatus, ZoneStatus } from '@meridian/provider-local/agent-client.ts';
import { describe, expect, test } from '@jest/globals';
import { healthTable, isHealthy, summarise } from './health.ts';

function member(name: string, changes: Partial<ProcessStatus> = {}): ProcessStatus {
  return {
    name,
    state: 'ready',
    runs: 'always',
    restarts: 0,
    listens: [{ name: 'grpc', address: '127.0.2.32', port: 17000 }],
    specDigest: '',
    revision: '',
    since: '2026-01-01T00:00:00.000Z',
    certificates: [],
    log: '',
    ...changes,
  };
}

function zone(processes: readonly ProcessStatus[]): ZoneStatus {
  return {
    zone: 'b',
    network: '127.0.2.0/24',
    leafLifetimeSeconds: 3600,
    pid: 1,
    startTime: '1',
    programVersion: '',
    stopping: false,
    processes: [...processes],
  };
}

describe('the health of the platform', () => {
  test('sums up the replicas of a service in a zone, and shows the state of a sick one', () => {
    const status = zone([
      member('catalog-b-0'),
      member('catalog-b-1', { state: 'backoff', restarts: 3 }),
      member('catalogue-seed', { runs: 'on-demand', state: 'idle' }),
    ]);
    const health = summarise([{ zone: 'b', status }]);
    expect(health).toEqual([
      {
        zone: 'b',
        service: 'catalog',
        edited: 0,
        ready: 1,
        replicas: 2,
        health: 'backoff',
        addresses: ['127.0.2.32:17000', '127.0.2.32:17000'],
        restarts: 3,
      },
    ]);
    expect(isHealthy(health)).toBe(false);
  });

  test('counts a zone without an agent as sick, and nothing at all as not healthy', () => {
    const health = summarise([{ zone: 'c' }]);
    expect(healthTable(health)).toMatch(/^c +\(whole zone\) +- +agent does not answer/m);
    expect(isHealthy(health)).toBe(false);
    expect(isHealthy([])).toBe(false);
    expect(isHealthy(summarise([{ zone: 'b', status: zone([member('catalog-b-0')]) }]))).toBe(true);
  });
});
