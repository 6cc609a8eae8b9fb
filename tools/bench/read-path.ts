import { readFileSync } from 'node:fs';
import { Agent, createServer, request, type Server } from 'node:https';
import { once } from 'node:events';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { durationsOf, timed } from './durations.ts';
import type { Durations } from './durations.ts';

/** The read path against its floor, both measured in the same run. */
export interface ReadPath {
  /** `GET /v1/products/{id}` through edge, gateway, catalog and PostgreSQL. */
  readonly read: Durations;
  /** The same client against one bare Node.js HTTPS server that sends the same bytes. */
  readonly floor: Durations;
  readonly requests: number;
}

/**
 * Measures reads one after the other over a kept connection, alternating with the floor.
 *
 * @throws {CodedError} CATALOGUE_EMPTY
 */
export async function measureReadPath(
  url: string,
  folders: Folders,
  requests: number,
): Promise<ReadPath> {
  const ca = readFileSync(path.join(folders.state, 'pki/root.crt'));
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 1 });
  const list = await get(`${url}/v1/products?page_size=1`, agent);
  const [product] = (JSON.parse(list) as { products: { productId: string }[] }).products;
  if (product === undefined) {
    throw new CodedError(
      'CATALOGUE_EMPTY',
      "Benchmark: needs at least 1 product to read, got an empty catalogue; load one with 'npm run seed'.",
    );
  }
  const target = `${url}/v1/products/${product.productId}`;
  const body = await get(target, agent);
  const { server, address } = await floorServer(folders, body);
  const read: number[] = [];
  const floor: number[] = [];
  try {
    for (let round = -100; round < requests; round += 1) {
      const one = await timed(() => get(target, agent));
      const other = await timed(() => get(address, agent));
      // The first hundred warm up compilers and caches.
      if (round < 0) continue;
      read.push(one);
      floor.push(other);
    }
  } finally {
    agent.destroy();
    server.close();
  }
  return { read: durationsOf(read), floor: durationsOf(floor), requests };
}

async function floorServer(
  folders: Folders,
  body: string,
): Promise<{ readonly server: Server; readonly address: string }> {
  const identity = path.join(folders.state, 'zones/edge/processes/envoy/tls');
  const server = createServer(
    {
      cert: readFileSync(path.join(identity, 'tls.crt')),
      key: readFileSync(path.join(identity, 'tls.key')),
    },
    (_request, response) => {
      response.setHeader('content-type', 'application/json').end(body);
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return { server, address: `https://localhost:${address.port}/` };
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
