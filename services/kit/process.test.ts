import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from './testing/eventually.ts';
import { EchoService } from './testing/gen/meridian/kittest/v1/echo_pb.js';
import { keptCode } from './testing/kept-code.ts';
import { TestWorld, spiffe } from './testing/world.ts';

const { once } = EchoService.method;

interface Child {
  readonly process: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly exit: Promise<number | string>;
}

describe('a service as a process', () => {
  let world: TestWorld;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => world.close());

  function run(folder: string, environment: Record<string, string> = {}): Child {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'testing/echo-main.ts')],
      {
        cwd: folder,
        env: {
          ...keptCode(),
          SERVICE_BINDING_ROOT: 'bindings',
          MERIDIAN_SERVICE_FILE: 'config/service.json',
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    children.push(child);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    const exit = new Promise<number | string>((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'lost'));
    });
    return { process: child, output, exit };
  }

  function prepare(configuration: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return world.prepare('echo', {
      listen: { address: '127.0.0.1', port: 0 },
      allow: { '*': [spiffe('caller')] },
      ...configuration,
    });
  }

  async function portOf({ output }: Child): Promise<number> {
    return eventually(() => {
      const line = output.stdout.split('\n').find((text) => text.includes('"message":"serving"'));
      expect(line).toBeDefined();
      return (JSON.parse(line ?? '') as { port: number }).port;
    });
  }

  test('finishes its calls on SIGTERM, logs JSON only, and exits with 0', async () => {
    const child = run(await prepare());
    const port = await portOf(child);
    const { client } = await world.client([port]);
    const call = client.unary(once, { text: 'wait 400' });
    await client.unary(once, { text: 'x' });
    child.process.kill('SIGTERM');
    await expect(call).resolves.toMatchObject({ text: 'wait 400' });
    expect(await child.exit).toBe(0);
    const lines = child.output.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ message }) => message)).toEqual([
      'serving',
      'call served',
      'stopping',
      'draining',
      'call served',
      'drained',
    ]);
    expect(child.output.stderr).toBe('');
  }, 20_000);

  test('ends at once on the second signal', async () => {
    const child = run(await prepare());
    const { client } = await world.client([await portOf(child)]);
    const call = client.unary(once, { text: 'wait 6000' });
    call.catch(() => undefined);
    await client.unary(once, { text: 'x' });
    child.process.kill('SIGTERM');
    await eventually(() => expect(child.output.stdout).toContain('draining'));
    child.process.kill('SIGTERM');
    expect(await child.exit).toBe(1);
    await expect(call).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  }, 20_000);

  /** What a process that cannot start says, and how it ends. */
  async function refusal(child: Child): Promise<string> {
    expect(await child.exit).toBe(78);
    const lines = child.output.stderr.trim().split('\n');
    expect(lines).toHaveLength(1);
    return lines[0] ?? '';
  }

  test('refuses bad configuration with one line that says what to fix', async () => {
    const folder = await prepare({ limits: { concurrency: 'many' } });
    expect(await refusal(run(folder))).toBe(
      `KIT_CONFIGURATION: Configuration ${folder}/config/service.json: limits.concurrency: must be a whole number from 1 to 10000, got "many"`,
    );
    expect(await refusal(run(folder, { MERIDIAN_SERVICE_FILE: '' }))).toBe(
      'KIT_CONFIGURATION: Environment: MERIDIAN_SERVICE_FILE must be set to a path, got nothing',
    );
    rmSync(join(folder, 'config/service.json'));
    expect(await refusal(run(folder))).toContain('service.json: cannot be read (ENOENT');
  }, 20_000);

  test('refuses a certificate that is absent, broken or of another service', async () => {
    const broken = await prepare();
    writeFileSync(join(broken, 'tls/tls.key'), 'nonsense');
    expect(await refusal(run(broken))).toMatch(
      /^KIT_CERTIFICATE: Certificate in .*\/tls: tls\.crt, tls\.key and ca\.crt must be there and belong together/,
    );
    const absent = await prepare({ identityFolder: 'nowhere' });
    expect(await refusal(run(absent))).toContain(`Certificate in ${absent}/nowhere`);
    const other = await prepare({ spiffeId: spiffe('catalog') });
    expect(await refusal(run(other))).toContain(
      `must be for ${spiffe('catalog')}, got ${spiffe('echo')}`,
    );
  }, 20_000);

  test('refuses a taken address and names it', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const service = await prepare({ listen: { address: '127.0.0.1', port } });
    expect(await refusal(run(service))).toBe(
      `KIT_ADDRESS_IN_USE: gRPC server: 127.0.0.1:${port} is in use by another process; free it, or give another one in the service's configuration`,
    );
    const ops = await prepare({ ops: { address: '127.0.0.1', port } });
    expect(await refusal(run(ops))).toContain(`KIT_ADDRESS_IN_USE: Ops server: 127.0.0.1:${port}`);
    holder.close();
  }, 20_000);
});
