import { Agent, request } from 'node:https';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { durationsOf, timed } from './durations.ts';
import type { Durations } from './durations.ts';
import { startFloorServer } from './floor-server-process.ts';
import type { MeasuredRead } from './product.ts';

/** The read path against its floor, both measured in the same run. */
export interface ReadPath {
  /** `GET /v1/products/{id}` through edge, gateway, catalog and PostgreSQL. */
  readonly read: Durations;
  /** The same client against one bare Node.js HTTPS server that sends the same bytes. */
  readonly floor: Durations;
  readonly requests: number;
}

/** Measures reads one after the other over a kept connection, alternating with the floor. */
export async function measureReadPath(
  measured: MeasuredRead,
  folders: Folders,
  requests: number,
): Promise<ReadPath> {
  const agent = new Agent({ ca: measured.ca, keepAlive: true, maxSockets: 1 });
  await using server = await startFloorServer(folders, measured.body);
  const read: number[] = [];
  const floor: number[] = [];
  try {
    for (let round = -100; round < requests; round += 1) {
      const one = await timed(() => get(`${measured.origin}${measured.path}`, agent));
      const other = await timed(() => get(server.origin, agent));
      // The first hundred warm up compilers and caches.
      if (round < 0) continue;
      read.push(one);
      floor.push(other);
    }
  } finally {
    agent.destroy();
  }
  return { read: durationsOf(read), floor: durationsOf(floor), requests };
}

async function get(url: string, agent: Agent): Promise<string> {
  return await new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${url} answered ${String(response.statusCode)}: ${body}`));
      });
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}
