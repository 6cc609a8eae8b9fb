import path from 'node:path';
import { existsSync } from 'node:fs';
import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import { acquire } from '../../bootstrap/process-lock.mjs';
import { localFolders } from '../places.ts';
import { runningZones } from '../zones.ts';

/** Stops every process of the platform, agents last; state and data stay. */
export async function stop(): Promise<number> {
  const folders = localFolders();
  if (!existsSync(folders.state)) {
    process.stdout.write('Nothing is running: there is no local platform.\n');
    return 0;
  }
  const release = acquire(path.join(folders.state, 'lock'), "'npm stop'");
  try {
    const zones = runningZones(folders);
    if (zones.length === 0) {
      process.stdout.write('Nothing is running.\n');
      return 0;
    }
    process.stdout.write(`Stopping ${zones.join(', ')} …\n`);
    await Promise.all(zones.map((zone) => new AgentClient(folders, zone).stop()));
    process.stdout.write("Stopped. Data are kept; 'npm start' continues with them.\n");
    return 0;
  } finally {
    release();
  }
}
