import { hostAddress } from '../model/network.ts';
import type { PlatformGraph, ZoneNode } from '../model/graph.ts';

/**
 * Offsets into the block of ports; a port means the same on every address. Those of the engines are in
 * their folders.
 */
export const PORT_OFFSETS = {
  service: 0,
  ops: 1,
  edgeAdmin: 3,
} as const;

/** How many ports the block has, with room for the engines to come. */
export const PORT_BLOCK_SIZE = 32;

/**
 * The point of presence: outside the zones, as Cloudflare is. Its agent runs the edge only, so that
 * losing a zone never takes the door with it.
 */
export const EDGE_ZONE: ZoneNode = { name: 'edge', network: '127.0.0.0/24' };
export const EDGE_ADDRESS = '127.0.0.1';

/** Replicas have addresses of their own, as pods do: a block of eight per service and zone. */
export const FIRST_REPLICA_HOST = 16;
export const MAX_REPLICAS_PER_ZONE = 8;

/** Where a replica or task runs. */
export interface Placement {
  /** Name of the process, such as 'catalog-b-0'. */
  readonly name: string;
  readonly zone: string;
  readonly address: string;
}

/** The zone of what runs once. */
export function firstZone({ zones }: Pick<PlatformGraph, 'zones'>): ZoneNode {
  const [zone] = zones;
  if (zone === undefined) throw new Error('A valid graph has zones');
  return zone;
}

/**
 * Spreads replicas over the zones in turn, so that zones never differ by more than one. Throws
 * RangeError beyond MAX_REPLICAS_PER_ZONE.
 */
export function placeReplicas(
  service: { readonly name: string; readonly slot: number },
  zones: readonly ZoneNode[],
  count: number,
): readonly Placement[] {
  return Array.from({ length: count }, (_, position) => {
    const ordinal = Math.floor(position / zones.length);
    const zone = zones[position % zones.length];
    if (zone === undefined || ordinal >= MAX_REPLICAS_PER_ZONE) {
      throw new RangeError(`${count} replicas of ${service.name} do not fit ${zones.length} zones`);
    }
    const host = FIRST_REPLICA_HOST + MAX_REPLICAS_PER_ZONE * service.slot + ordinal;
    return {
      name: `${service.name}-${zone.name}-${ordinal}`,
      zone: zone.name,
      address: hostAddress(zone.network, host),
    };
  });
}
