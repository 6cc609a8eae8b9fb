import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writeBinding } from '@meridian/kit/testing/bindings.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { MainProcess, opsStatus } from '@meridian/kit/testing/main-process.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';

const READ_INTERVAL_MS = 15_000;

test('a probe is ready whether or not it is answered, asks at its moment, says so, and ends', async () => {
  const world = await TestWorld.create();
  const { cert, key, ca } = await world.authority.issue({ dnsNames: ['shop.example'] });
  const asked: string[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    asked.push(`${request.method} ${request.headers.host}${request.url}`);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = await freePort('127.0.0.1');
  const folder = await world.prepare('probe', { ops: { address: '127.0.0.1', port } });
  writeFileSync(join(folder, 'edge.crt'), ca);
  writeFileSync(join(folder, 'password'), 'a secret\n', { mode: 0o600 });
  writeBinding(folder, 'edge', {
    ...{ type: 'edge', uri: 'https://shop.example', 'ca-file': 'edge.crt' },
    ...{ 'password-file': 'password' },
    'connect-to': `127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  const soon = ((Date.now() + 5_000) % READ_INTERVAL_MS) / READ_INTERVAL_MS;
  const main = new MainProcess(new URL('main.ts', import.meta.url), folder, {
    arguments: [String(soon)],
  });
  try {
    await eventually(async () => expect(await opsStatus(port, '/readyz')).toBe(200), 20_000);
    const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(await metrics()).toContain('probe_attempts_total{operation="write",outcome="ok"} 0');
    await eventually(
      async () =>
        expect(await metrics()).toMatch(
          /probe_attempts_total\{operation="read",outcome="ok"\} [1-9]/,
        ),
      25_000,
    );
    expect(asked).toContain('GET shop.example/v1/products?pageSize=1');
    const ended = main.ended();
    await main.stop();
    expect(await ended).toBe(0);
    expect(main.output).not.toContain('a secret');
  } finally {
    await main.stop('SIGKILL');
    server.closeAllConnections();
    server.close();
    await world.close();
  }
}, 60_000);
