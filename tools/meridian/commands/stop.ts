import { existsSync } from 'node:fs';
import { endAgents, livingAgents } from '../living-agents.ts';
import { printJson } from '../output/print-json.ts';
import { localFolders } from '../places.ts';
import { acquireToEnd } from '../preflight.ts';
import { endBuild } from '../telemetry/background-build.ts';

/** Each process has its grace to end in good order (its spec says which), and no other end is wanted. */
const GRACE_MS = Number.POSITIVE_INFINITY;

/** Options of `npm stop`. */
export interface StopOptions {
  readonly json?: boolean;
}

/** Stops every process of the platform, agents last; state and data stay. */
export async function stop(options: StopOptions): Promise<number> {
  const { stopped, told } = await stopAll(options.json === true ? () => undefined : print);
  if (options.json === true) printJson<'stop'>({ stopped });
  else print(told);
  return 0;
}

/** What was stopped, and the last word on it. */
interface Stopped {
  /** Zones. */
  readonly stopped: readonly string[];
  readonly told: string;
}

async function stopAll(report: (line: string) => void): Promise<Stopped> {
  const folders = localFolders();
  if (!existsSync(folders.state)) {
    return { stopped: [], told: 'Nothing is running: there is no local platform.' };
  }
  if (await endBuild(folders)) report('Ended the build of telemetry.');
  const release = acquireToEnd(folders, "'npm stop'");
  try {
    const zones = livingAgents(folders)
      .map(({ zone }) => zone)
      .toSorted();
    if (zones.length === 0) return { stopped: [], told: 'Nothing is running.' };
    report(`Stopping ${zones.join(', ')} …`);
    await endAgents(folders, GRACE_MS);
    return { stopped: zones, told: "Stopped. Data are kept; 'npm start' continues with them." };
  } finally {
    release();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
