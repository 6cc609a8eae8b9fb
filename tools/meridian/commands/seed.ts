import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import { PlatformError } from '@meridian/components/model/platform-error.ts';
import { localFolders } from '../places.ts';
import { zoneStatuses } from '../zones.ts';

const task = 'catalogue-seed';

/** Options of `npm run seed`. */
export interface SeedOptions {
  /** How many products. */
  readonly products: number;
}

/** Loads the generated catalogue through catalog's gRPC API, as the declared client `catalogue-seed`. */
export async function seed(options: SeedOptions): Promise<number> {
  const folders = localFolders();
  const zones = await zoneStatuses(folders);
  const home = zones.find(({ status }) => status?.processes.some(({ name }) => name === task));
  if (home === undefined) {
    throw new PlatformError(
      'PLATFORM_NOT_RUNNING',
      `Task '${task}': no running zone has it; bring the platform up with 'npm start' first.`,
    );
  }
  let exitCode = 1;
  for await (const event of new AgentClient(folders, home.zone).run(task, [
    String(options.products),
  ])) {
    if ('exitCode' in event) exitCode = event.exitCode;
    else process[event.stream].write(`${event.line}\n`);
  }
  return exitCode;
}
