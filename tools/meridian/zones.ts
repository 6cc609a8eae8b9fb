import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  AgentClient,
  agentIsRunning,
  type ZoneStatus,
} from '@meridian/provider-local/agent-client.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';

/** Zones (and the edge) that the state folder knows, running or not, by name. */
export function knownZones(folders: Folders): readonly string[] {
  const zones = path.join(folders.state, 'zones');
  if (!existsSync(zones)) return [];
  return readdirSync(zones, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** An agent that hangs keeps nobody from being told of the other zones. */
const STATUS_TIMEOUT_MS = 10_000;

/** One zone as its agent tells it; `status` is absent when the agent does not run or does not answer. */
export interface KnownZone {
  readonly zone: string;
  readonly status?: ZoneStatus;
}

/** Asks every known zone's agent. */
export async function zoneStatuses(folders: Folders): Promise<readonly KnownZone[]> {
  return await Promise.all(
    knownZones(folders).map(async (zone): Promise<KnownZone> => {
      const status = await zoneStatus(folders, zone);
      return status === undefined ? { zone } : { zone, status };
    }),
  );
}

/** What the agent of a zone says; undefined when it does not run or does not answer. */
export function zoneStatus(folders: Folders, zone: string): Promise<ZoneStatus | undefined> {
  return new AgentClient(folders, zone).statusIfRunning(STATUS_TIMEOUT_MS);
}

/** Zones whose agent lives, whatever version it is of. */
export function runningZones(folders: Folders): readonly string[] {
  return knownZones(folders).filter((zone) => agentIsRunning(folders, zone));
}

/** Where the edge of a running platform answers, such as https://localhost:8443; undefined if it does not run. */
export function edgeOrigin(zones: readonly KnownZone[]): string | undefined {
  const edge = zones
    .flatMap(({ status }) => status?.processes ?? [])
    .find(({ name }) => name === 'envoy')?.listens[0];
  return edge === undefined ? undefined : `https://localhost:${edge.port}`;
}
