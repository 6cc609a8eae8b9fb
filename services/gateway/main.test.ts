import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { keptCode } from '@meridian/kit/testing/kept-code.ts';
import { TestWorld, spiffe } from '@meridian/kit/testing/world.ts';

let world: TestWorld;
const children: ChildProcess[] = [];
beforeAll(async () => {
  world = await TestWorld.create();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await world.close();
});

const LISTEN = { address: '127.0.0.1', port: 0 };

/** Starts main.ts as an agent would. */
function start(folder: string): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    cwd: folder,
    env: {
      ...keptCode(),
      SERVICE_BINDING_ROOT: 'bindings',
      MERIDIAN_SERVICE_FILE: 'config/service.json',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

describe('the gateway process', () => {
  test('serves what is bound, and leaves on SIGTERM with exit code 0', async () => {
    const allow = { '*': [spiffe('edge')] };
    const limit = { requests: 600, windowSeconds: 60, burst: 20 };
    const rateLimits = {
      anonymous: limit,
      customer: limit,
      merchant: limit,
      unverified: limit,
      webhook: limit,
    };
    const folder = await world.prepare('gateway', {
      listen: LISTEN,
      ops: LISTEN,
      allow,
      rateLimits,
    });
    await world.issueSigningKey(folder, 'context-signing', 'gateway');
    const binding = join(folder, 'bindings/catalog');
    mkdirSync(binding);
    for (const [name, text] of Object.entries({
      type: 'grpc',
      uri: 'addresses:catalog/addresses',
      'spiffe-id': spiffe('catalog'),
      addresses: '127.0.0.1:1\n',
    })) {
      writeFileSync(join(binding, name), text);
    }
    const child = start(folder);
    const exit = once(child, 'exit');
    const { stdout } = child;
    if (stdout === null) throw new Error('stdout is a pipe');
    for await (const line of createInterface({ input: stdout })) {
      const { message, services } = JSON.parse(line) as Record<string, unknown>;
      if (message !== 'serving') continue;
      expect(services).toEqual(['catalog']);
      break;
    }
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  }, 20_000);

  test('says in one line what is wrong with its configuration', async () => {
    const child = start(await world.prepare('gateway', { listen: LISTEN }));
    const exit = once(child, 'exit');
    const said: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
    expect(await exit).toEqual([78, null]);
    expect(said.join('')).toMatch(
      /^KIT_CONFIGURATION: Configuration of 'gateway': allow\["\*"\] .*\n$/,
    );
  }, 20_000);
});
