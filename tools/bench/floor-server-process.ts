import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Folders } from '@meridian/provider-local/folders.ts';

/** The floor: one bare HTTPS server that sends the same bytes, in a process of its own. */
export interface FloorServer extends AsyncDisposable {
  readonly origin: string;
  readonly pid: number;
}

/** Starts it with the certificate of the edge. */
export async function startFloorServer(folders: Folders, body: string): Promise<FloorServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-bench-'));
  const file = path.join(folder, 'body.json');
  writeFileSync(file, body);
  const child = spawn(
    process.execPath,
    [
      path.join(import.meta.dirname, 'floor-server.ts'),
      path.join(folders.state, 'zones/edge/processes/envoy/tls'),
      file,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const [port] = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data') as Promise<[string]>,
    ended.then(() => Promise.reject(new Error('the bare server of the benchmark has ended'))),
  ]);
  return {
    origin: `https://localhost:${port.trim()}`,
    pid: child.pid ?? Number.NaN,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
