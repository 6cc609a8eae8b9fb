import { localFolders } from '../places.ts';
import { healthTable, isHealthy, summarise } from '../health.ts';
import { printJson } from '../output/print-json.ts';
import { livingAgents } from '../living-agents.ts';
import { telemetryState, telemetryText } from '../telemetry/telemetry-state.ts';
import { zoneStatuses } from '../zones.ts';

/** Options of `npm run status`. */
export interface StatusOptions {
  readonly json?: boolean;
}

/** Prints what runs, zone by zone; the exit code is 0 only when all of it is ready. */
export async function status(options: StatusOptions): Promise<number> {
  const health = summarise(await zoneStatuses(localFolders()));
  if (options.json === true) {
    printJson<'status'>(health);
  } else if (health.length === 0) {
    process.stdout.write("There is no local platform; 'npm start' makes one.\n");
  } else {
    process.stdout.write(`${healthTable(health)}\n`);
    const folders = localFolders();
    if (livingAgents(folders).length > 0) {
      process.stdout.write(`\ntelemetry: ${telemetryText(await telemetryState(folders))}\n`);
    }
  }
  return isHealthy(health) ? 0 : 1;
}
