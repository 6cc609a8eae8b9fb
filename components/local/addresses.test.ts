import { describe, expect, test } from '@jest/globals';
import { MAX_SLOT } from '../model/validate/slot-problems.ts';
import {
  FIRST_REPLICA_HOST,
  MAX_REPLICAS_PER_ZONE,
  placeReplicas,
  PORT_BLOCK_SIZE,
  PORT_OFFSETS,
} from './addresses.ts';
import { TELEMETRY_PORT_OFFSETS } from '../observability/local-places.ts';
import { LOCAL_ENGINES } from './local-nouns.ts';

const zones = ['a', 'b', 'c'].map((name, position) => ({
  name,
  network: `127.0.${position + 1}.0/24`,
}));

describe('placeReplicas', () => {
  test('gives the first replica of each zone the first address of the service', () => {
    expect(placeReplicas({ name: 'catalog', slot: 2 }, zones, 3)).toEqual([
      { name: 'catalog-a-0', zone: 'a', address: '127.0.1.32' },
      { name: 'catalog-b-0', zone: 'b', address: '127.0.2.32' },
      { name: 'catalog-c-0', zone: 'c', address: '127.0.3.32' },
    ]);
  });

  test('never lets two zones differ by more than one replica', () => {
    for (const count of [2, 3, 4, 11, 20]) {
      const placed = placeReplicas({ name: 'catalog', slot: 2 }, zones, count);
      const perZone = zones.map(({ name }) => placed.filter(({ zone }) => zone === name).length);
      expect(Math.max(...perZone) - Math.min(...perZone)).toBeLessThanOrEqual(1);
    }
  });

  test('gives no address twice, whatever the services and their sizes', () => {
    const addresses = Array.from({ length: MAX_SLOT + 1 }, (_, slot) =>
      placeReplicas({ name: `s${slot}`, slot }, zones, 3 * MAX_REPLICAS_PER_ZONE),
    ).flatMap((placed) => placed.map(({ address }) => address));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test('refuses more replicas than the block of a service holds', () => {
    expect(() => placeReplicas({ name: 'catalog', slot: 2 }, zones, 25)).toThrow(RangeError);
  });
});

describe('the places of engines', () => {
  const hosts = LOCAL_ENGINES.map(({ place }) => place.host);
  const ports = [
    ...Object.values(PORT_OFFSETS),
    ...LOCAL_ENGINES.flatMap(({ place }) => place.ports),
    ...TELEMETRY_PORT_OFFSETS,
  ];

  test('are hosts of their own, below those of replicas', () => {
    expect(new Set(hosts).size).toBe(hosts.length);
    expect(Math.max(...hosts)).toBeLessThan(FIRST_REPLICA_HOST);
  });

  test('have ports of their own, in the block', () => {
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.max(...ports)).toBeLessThan(PORT_BLOCK_SIZE);
  });
});
