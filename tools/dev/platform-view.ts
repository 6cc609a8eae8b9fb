import { endpointsFile, ENDPOINTS_FILE } from '@meridian/components/edge/local/envoy-endpoints.ts';
import { addressList } from '@meridian/components/local/addresses.ts';
import { isDeveloped } from './developed-revision.ts';
import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import type { ProcessStatus } from '@meridian/provider-local/agent-client.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { serviceOf } from '../meridian/health.ts';
import { zoneStatuses } from '../meridian/zones.ts';

/** A process that an agent holds. */
export interface HeldProcess {
  readonly zone: string;
  /** Name of its service, or its own where it is none's. */
  readonly service: string;
  readonly status: ProcessStatus;
  readonly spec: ProcessSpec;
  readonly agent: AgentClient;
}

/** Where a replica serves. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** What runs, as the agents tell it, and where the requests of a service go. */
export class PlatformView {
  readonly #folders: Folders;
  /** By digest: most specs stay as they are from one look to the next. */
  readonly #specs = new Map<string, ProcessSpec>();

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  /** Every process of the agents that answer. */
  async look(): Promise<readonly HeldProcess[]> {
    const zones = await zoneStatuses(this.#folders);
    const held = zones.flatMap(({ zone, status }) => {
      const agent = new AgentClient(this.#folders, zone);
      return (status?.processes ?? []).map(async (process): Promise<HeldProcess> => {
        const key = `${process.name} ${process.specDigest}`;
        const spec = this.#specs.get(key) ?? (await agent.spec(process.name));
        this.#specs.set(key, spec);
        return { zone, service: serviceOf(process.name, zone), status: process, spec, agent };
      });
    });
    return await Promise.all(held);
  }

  /** Sends all requests of a service to these places: whoever calls it is told of no other. */
  async lead(
    addressFile: string,
    places: readonly Place[],
    held: readonly HeldProcess[],
  ): Promise<void> {
    const text = addressText(addressFile, places);
    await Promise.all(
      held
        .filter(({ spec }) => ![undefined, text].includes(spec.liveFiles[addressFile]))
        .map(({ agent, spec }) =>
          agent.putProcess({ ...spec, liveFiles: { ...spec.liveFiles, [addressFile]: text } }),
        ),
    );
  }
}

function addressText(file: string, places: readonly Place[]): string {
  return file === ENDPOINTS_FILE ? (endpointsFile(places)[file] ?? '') : addressList(places);
}

/** Where a process of a service serves: its first port. */
export function placeOf({ spec }: Pick<HeldProcess, 'spec'>): Place {
  const [first] = spec.listens;
  if (first === undefined) throw new Error(`Process '${spec.name}' listens nowhere`);
  return first;
}

/** Whether requests may be sent to it. */
export function serves({ status }: Pick<HeldProcess, 'status'>): boolean {
  return status.runs === 'always' && (status.state === 'ready' || status.state === 'unready');
}

/**
 * Takes a replica out of service when nothing is sent to it any more: one that stood in is removed, one of
 * the program rests until Pulumi sees to it that it is again as the program says.
 */
export async function retire({ agent, spec }: HeldProcess): Promise<void> {
  if (isDeveloped(spec)) await agent.deleteProcess(spec.name);
  else await agent.putProcess({ ...spec, runs: 'on-demand' });
}

/** Removes all that stood in, once the program's own processes have its place (ADR 47). */
export async function removeStandIns(folders: Folders): Promise<void> {
  const held = await new PlatformView(folders).look();
  await Promise.all(held.filter(({ spec }) => isDeveloped(spec)).map(retire));
}
