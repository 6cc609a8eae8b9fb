import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { printJson } from '../output/print-json.ts';
import { localFolders } from '../places.ts';
import { runningZones } from '../zones.ts';

/** Options of `npm run rotate`. */
export interface RotateOptions {
  readonly json?: boolean;
}

/**
 * Gives every process of the running platform new keys and certificates now, without a restart. The
 * old ones stay valid to their end, an hour at most: to lock somebody out at once takes a new root
 * (`npm start -- -c rootLifetimeDays=…`). Passwords, which only Redis has, belong to the state:
 * `npm start -- -c passwordGeneration=…` changes them.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, ROTATION_INCOMPLETE
 */
export async function rotate(options: RotateOptions): Promise<number> {
  const folders = localFolders();
  const zones = runningZones(folders);
  if (zones.length === 0) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      "Rotation: the platform must run, got none; bring it up with 'npm start' first.",
    );
  }
  const problems: string[] = [];
  const renewed: { zone: string; certificates: number }[] = [];
  for (const zone of zones) {
    const client = new AgentClient(folders, zone);
    problems.push(...(await client.renewCertificates()));
    const { processes } = await client.status();
    const count = processes.reduce((sum, { certificates }) => sum + certificates.length, 0);
    renewed.push({ zone, certificates: count });
    if (options.json !== true) {
      process.stdout.write(`Zone ${zone}: ${count} certificates are new\n`);
    }
  }
  if (options.json === true) printJson<'rotate'>({ zones: renewed, problems });
  if (problems.length > 0) {
    throw new CodedError('ROTATION_INCOMPLETE', problems.join('\n'), { problems });
  }
  return 0;
}
