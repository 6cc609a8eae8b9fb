import { ZoneAgent } from '@meridian/provider-local/resources/zone-agent.ts';
import type { ComponentResource } from '@pulumi/pulumi';
import type { Certificates } from '../certificates/certificates.ts';
import type { LoweringContext } from '../local/lowering.ts';
import type { ZoneNode } from '../model/graph.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { ZoneHost, ZonesLanding } from './zones.ts';

/** The agent of a zone, which runs its processes and issues their certificates. */
export interface LocalAgent {
  readonly zone: string;
  readonly network: string;
  readonly leafLifetimeSeconds: number;
}

/** One agent per zone. */
export function lowerZones({ graph, settings }: LoweringContext): readonly LocalAgent[] {
  return graph.zones.map((zone) => lowerAgent(zone, settings.leafLifetimeSeconds));
}

/** The agent of one zone. */
export function lowerAgent(zone: ZoneNode, leafLifetimeSeconds: number): LocalAgent {
  return { zone: zone.name, network: zone.network, leafLifetimeSeconds };
}

/** Starts the agents with the local provider. */
export function landZones(lowered: readonly LocalAgent[]): ZonesLanding {
  return (parent, name, { certificates }) => ({
    hosts: Object.fromEntries(
      lowered.map((agent) => [
        agent.zone,
        landAgent(parent, `${name}-${agent.zone}`, agent, certificates),
      ]),
    ),
  });
}

/** Starts one agent; its intermediate is signed by the root. */
export function landAgent(
  parent: ComponentResource,
  name: string,
  agent: LocalAgent,
  certificates: Certificates,
): ZoneHost {
  const resource = new ZoneAgent(
    name,
    { ...agent, rootFingerprint: certificates.root },
    { parent },
  );
  return { resource, zone: resource.zone };
}

/** Zones on this machine. */
export const localZones: NounLanding<
  LoweringContext,
  readonly LocalAgent[],
  undefined,
  ZonesLanding
> = { lower: lowerZones, land: landZones };
