import { existsSync } from 'node:fs';
import { endAgents, livingAgents } from '../living-agents.ts';
import { localFolders } from '../places.ts';
import { acquireToEnd } from '../preflight.ts';

/** Each process has its grace to end in good order (its spec says which), and no other end is wanted. */
const GRACE_MS = Number.POSITIVE_INFINITY;

/** Stops every process of the platform, agents last; state and data stay. */
export async function stop(): Promise<number> {
  const folders = localFolders();
  if (!existsSync(folders.state)) {
    process.stdout.write('Nothing is running: there is no local platform.\n');
    return 0;
  }
  const release = acquireToEnd(folders, "'npm stop'");
  try {
    const zones = livingAgents(folders).map(({ zone }) => zone);
    if (zones.length === 0) {
      process.stdout.write('Nothing is running.\n');
      return 0;
    }
    process.stdout.write(`Stopping ${zones.toSorted().join(', ')} …\n`);
    await endAgents(folders, GRACE_MS);
    process.stdout.write("Stopped. Data are kept; 'npm start' continues with them.\n");
    return 0;
  } finally {
    release();
  }
}
