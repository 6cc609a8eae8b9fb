import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import type { ProcessStatus, ZoneStatus } from '@meridian/provider-local/agent-client.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { identify } from '@meridian/provider-local/machine/process-table.ts';
import type { ProcessIdentity } from '@meridian/provider-local/machine/process-table.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { zoneStatuses } from '../meridian/zones.ts';
import type { KnownZone } from '../meridian/zones.ts';

/** A process with the zone that it runs in. */
export interface Placed {
  readonly zone: string;
  readonly process: ProcessStatus;
}

/** What runs, as its agents say when a drill begins. */
export class PlatformView {
  readonly folders: Folders;
  readonly zones: readonly KnownZone[];

  private constructor(folders: Folders, zones: readonly KnownZone[]) {
    this.folders = folders;
    this.zones = zones;
  }

  static async open(folders: Folders): Promise<PlatformView> {
    return new PlatformView(folders, await zoneStatuses(folders));
  }

  /** Processes whose whole names fit, zone by zone. */
  named(pattern: RegExp): readonly Placed[] {
    return this.zones.flatMap(({ zone, status }) =>
      (status?.processes ?? [])
        .filter(({ name }) => pattern.test(name))
        .map((process) => ({ zone, process })),
    );
  }

  /** Every replica of a service. @throws {CodedError} PLATFORM_NOT_RUNNING */
  replicas(service: string): readonly Placed[] {
    return this.#some(service, this.named(new RegExp(`^${service}-[a-z]+-[0-9]+$`)));
  }

  /** The only process of that name. @throws {CodedError} PLATFORM_NOT_RUNNING */
  process(name: string): Placed {
    const [first] = this.#some(name, this.named(new RegExp(`^${name}$`)));
    if (first === undefined) throw new Error(`'${name}' was found and is not there`);
    return first;
  }

  /** A zone that runs. @throws {CodedError} PLATFORM_NOT_RUNNING */
  zone(name: string): ZoneStatus {
    const status = this.zones.find(({ zone }) => zone === name)?.status;
    if (status === undefined) throw notRunning(`zone '${name}'`);
    return status;
  }

  /** What the agent of a process was told of it. */
  async spec({ zone, process }: Placed): Promise<ProcessSpec> {
    return await new AgentClient(this.folders, zone).spec(process.name);
  }

  /** A process for good. @throws {CodedError} PLATFORM_NOT_RUNNING */
  identity({ process: { name, pid } }: Placed): ProcessIdentity {
    const identity = pid === undefined ? undefined : identify(pid);
    if (identity === undefined) throw notRunning(`process '${name}'`);
    return identity;
  }

  #some(what: string, found: readonly Placed[]): readonly Placed[] {
    if (found.length === 0) throw notRunning(`process '${what}'`);
    return found;
  }
}

function notRunning(what: string): CodedError {
  return new CodedError(
    'PLATFORM_NOT_RUNNING',
    `Drill: ${what} must run before it can be broken, got none; bring the platform up with 'npm start' first.`,
  );
}
