import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasEnded, processesOf, sandboxedScript, WAYS } from './testing/sandboxed-script.ts';

const MARKER = 'marker-of-a-secret';

/** A machine with what an attacker looks for. */
let root: string;
const listening: Server[] = [];
const met: string[] = [];
const at = (...names: readonly string[]) => path.join(root, ...names);

/** Listens for anybody who comes. */
async function listen(address: { port: number; host: string } | { path: string }, name: string) {
  const server = createServer((socket) => {
    met.push(name);
    socket.on('error', () => undefined).end(MARKER);
  });
  listening.push(server);
  await new Promise<void>((resolve) => {
    server.listen(address, resolve);
  });
  return server.address();
}

let port = 0;
const abstract = `\0meridian-${process.pid}`;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-hostile-'));
  for (const folder of ['home/.aws', 'tree', '.git']) mkdirSync(at(folder), { recursive: true });
  for (const file of ['home/.aws/credentials', 'github-env', '.git/config', 'tree/own']) {
    writeFileSync(at(file), MARKER);
  }
  symlinkSync(at('github-env'), at('tree/link'));
  port = ((await listen({ port: 0, host: '127.0.0.1' }, 'tcp')) as AddressInfo).port;
  await listen({ path: abstract }, 'abstract');
  await listen({ path: at('socket') }, 'socket');
});
afterAll(() => {
  for (const server of listening) server.close();
  rmSync(root, { recursive: true, force: true });
});

/** Tries everything, and tells what it got: true for each attempt that went through. */
const robber = (tree: string) => `
  import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
  import { connect } from 'node:net';
  const attempt = (what) => { try { return what(); } catch { return false; } };
  const reads = (file) => attempt(() => readFileSync(file, 'utf8').includes('${MARKER}'));
  const writes = (file) => attempt(() => { appendFileSync(file, 'robbed'); return true; });
  const meets = (address) => new Promise((resolve) => {
    const socket = connect(address, () => { resolve(true); socket.destroy(); });
    socket.on('error', () => resolve(false));
  });
  const processes = readdirSync('/proc').filter((name) => /^\\d+$/.test(name));
  console.log(JSON.stringify({
    credentials: reads('${at('home/.aws/credentials')}'),
    repository: reads('${at('.git/config')}'),
    environment: process.env.PLANTED !== undefined,
    environments: processes.some((pid) => reads('/proc/' + pid + '/environ')),
    workflow: writes('${at('github-env')}'),
    tree: writes('${tree}/own'),
    link: writes('${tree}/link'),
    kill: attempt(() => process.kill(${process.pid}, 0)),
    tcp: await meets({ port: ${port}, host: '127.0.0.1' }),
    abstract: await meets({ path: ${JSON.stringify(abstract)} }),
    socket: await meets({ path: '${at('socket')}' }),
  }));
`;

const everything = (reached: boolean) => ({
  ...{ credentials: reached, repository: reached, environment: reached, environments: reached },
  ...{ workflow: reached, tree: reached, link: reached, kill: reached },
  ...{ tcp: reached, abstract: reached, socket: reached },
});

test('without a sandbox a program of somebody else reaches all that it tries', () => {
  const script = ['--input-type=module', '--eval', robber(at('tree'))];
  const env = { PLANTED: MARKER };
  const listener = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { execFileSync } from 'node:child_process';
     process.stdout.write(execFileSync(process.execPath, ${JSON.stringify(script)}, { env: ${JSON.stringify(env)} }));`,
  ]);
  return new Promise<void>((resolve) => {
    listener.stdout.on('data', (chunk: Buffer) => {
      expect(JSON.parse(chunk.toString())).toEqual(everything(true));
      expect(met.splice(0).toSorted()).toEqual(['abstract', 'socket', 'tcp']);
      for (const file of ['github-env', 'tree/own']) writeFileSync(at(file), MARKER);
      resolve();
    });
  });
});

describe.each(WAYS)('in a sandbox made by %s', (way) => {
  test('a program reaches no credential, environment, file, process or socket of the machine', async () => {
    const { exitCode, stdout, stderr } = await sandboxedScript(robber('/program'), way, {
      mounts: [{ from: at('tree'), at: '/program' }],
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    // What is in its own tree it may read.
    expect(JSON.parse(stdout)).toEqual(everything(false));
    expect(met).toEqual([]);
    for (const file of ['github-env', 'tree/own']) {
      expect(readFileSync(at(file), 'utf8')).toBe(MARKER);
    }
  });

  test('it has a machine of its own: a loopback, two processes, no rights, a place for temporary files', async () => {
    const { stdout, stderr } = await sandboxedScript(
      `
      import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
      import { createServer, connect } from 'node:net';
      import { hostname, networkInterfaces, userInfo } from 'node:os';
      const server = createServer((socket) => socket.end('hello')).listen(0, 'localhost', () => {
        connect({ port: server.address().port, host: '127.0.0.1' }).on('data', (data) => {
          server.close();
          writeFileSync('/tmp/file', 'x');
          const status = readFileSync('/proc/self/status', 'utf8');
          console.log(JSON.stringify({
            heard: data.toString(),
            interfaces: Object.keys(networkInterfaces()),
            root: readdirSync('/').filter((name) => !/^(usr|s?bin|lib.*)$/.test(name)).sort(),
            user: userInfo().username,
            hostname: hostname(),
            environment: process.env,
            processes: readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length <= 2,
            rights: status.match(/^Cap(Prm|Eff|Bnd|Amb):\\t0000000000000000$/gm).length,
            more: status.match(/^NoNewPrivs:\\t(.)$/m)[1],
          }));
        });
      });`,
      way,
      { environment: { GIVEN: 'yes' } },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      heard: 'hello',
      interfaces: ['lo'],
      root: ['dev', 'etc', 'meridian', 'proc', 'tmp'],
      user: 'root',
      hostname: 'sandbox',
      environment: { GIVEN: 'yes', ...(way === 'bubblewrap' ? { PWD: '/tmp' } : {}) },
      processes: true,
      rights: 4,
      more: '1',
    });
  });

  test('it cannot trace a process, make namespaces, mount, or set its kernel', async () => {
    const { stdout } = await sandboxedScript(
      `
      import { spawnSync } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const fails = (...argv) => spawnSync(argv[0], argv.slice(1)).status !== 0;
      const refused = (file) => { try { writeFileSync(file, '1'); return false; } catch { return true; } };
      console.log(JSON.stringify([
        fails('unshare', '--user', 'true'),
        fails('mount', '-t', 'tmpfs', 'none', '/tmp'),
        fails('nsenter', '--target', '1', '--net', 'true'),
        refused('/proc/sys/user/max_user_namespaces'),
        refused('/dev/file'),
        refused('/file'),
      ]));`,
      way,
    );
    expect(JSON.parse(stdout)).toEqual([true, true, true, true, true, true]);
  });

  test('a file that it is given it writes in place, and no more than it may', async () => {
    writeFileSync(at('declared'), '', { mode: 0o666 });
    execFileSync('chmod', ['666', at('declared')]);
    const { stdout } = await sandboxedScript(
      `
      import { statSync, writeFileSync } from 'node:fs';
      process.on('SIGXFSZ', () => undefined);
      writeFileSync('/run/declared', 'said');
      try { writeFileSync('/run/declared', Buffer.alloc(2 ** 20)); } catch (error) { console.log(error.code); }
      try { writeFileSync('/run/other', ''); } catch (error) { console.log(error.code); }
      writeFileSync('/run/declared', 'said');`,
      way,
      {
        writable: [{ from: at('declared'), at: '/run/declared' }],
        limits: { fileBytes: 64 * 1024 },
      },
    );
    expect(stdout).toBe('EFBIG\nEROFS\n');
    expect(readFileSync(at('declared'), 'utf8')).toBe('said');
  });

  test('it forks until its limit and leaves no process behind', async () => {
    const marker = `fork-${process.pid}-${way}`;
    const { stdout, exitCode } = await sandboxedScript(
      `
      import { spawn } from 'node:child_process';
      let started = 0;
      for (let index = 0; index < 60; index += 1) {
        const child = spawn('/usr/bin/sh', ['-c', 'sleep 600', '${marker}'], { detached: true, stdio: 'ignore' });
        child.on('error', () => undefined);
        if (child.pid !== undefined) started += 1;
      }
      console.log(started);
      process.exit(0);`,
      way,
      { limits: { processes: 40 } },
    );
    expect(exitCode).toBe(0);
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(40);
    await hasEnded(marker);
  });

  test('it takes no more memory than it may', async () => {
    const greedy = `
      const held = [];
      process.on('exit', () => console.log(held.length));
      for (;;) held.push(Buffer.alloc(2 ** 24, 1));`;
    const alone = await sandboxedScript(greedy, way, {
      limits: { processMemoryBytes: 400 * 2 ** 20 },
    });
    expect(alone.exitCode).not.toBe(0);
    expect(alone.stoppedFor).toBeUndefined();
    const patient = `
      const held = Array.from({ length: 8 }, () => Buffer.alloc(2 ** 24, 1));
      setInterval(() => held.length, 1000);`;
    const together = await sandboxedScript(patient, way, {
      limits: { memoryBytes: 100 * 2 ** 20 },
    });
    expect(together.stoppedFor).toBe('memory');
  });

  test('it fills its own temporary folder, and no other', async () => {
    const { stdout } = await sandboxedScript(
      `
      import { appendFileSync, statSync } from 'node:fs';
      try { for (;;) appendFileSync('/tmp/full', Buffer.alloc(2 ** 18)); } catch (error) {
        console.log(error.code, statSync('/tmp/full').size);
      }`,
      way,
      { limits: { temporaryBytes: 2 ** 21 } },
    );
    expect(stdout).toBe(`ENOSPC ${2 ** 21}\n`);
  });

  test('it ends when its time is over, whatever it does against it', async () => {
    const marker = `stay-${process.pid}-${way}`;
    const { stoppedFor } = await sandboxedScript(
      `
      import { spawn } from 'node:child_process';
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
      spawn('/usr/bin/sh', ['-c', 'trap "" TERM; sleep 600', '${marker}'], { detached: true, stdio: 'ignore' });
      setInterval(() => undefined, 1000);`,
      way,
      { limits: { wallMs: 500 } },
    );
    expect(stoppedFor).toBe('time');
    await hasEnded(marker);
  });

  test('what it prints is text, and no more of it than it may', async () => {
    const { stdout, stderr } = await sandboxedScript(
      `
      process.stdout.write('\\u001b[2J\\u001b]0;title\\u0007DANGER\\n::set-output name=a::b\\n  ::error::c\\n##[error]d\\nab\\rc\\u202ed\\u0000e');
      process.stderr.write('x'.repeat(2 ** 20) + '\\n'.repeat(2 ** 16));`,
      way,
      { limits: { outputBytes: 50_000 } },
    );
    expect(stdout).toBe(
      'DANGER\n: :set-output name=a::b\n  : :error::c\n# #[error]d\nab\nc\uFFFDd\uFFFDe\n',
    );
    expect(stderr.length).toBeLessThan(50_100);
    expect(stderr).toMatch(/\(\d+ bytes more are not shown\)\n$/);
  });
});

test('a sandbox ends with whoever started it', async () => {
  const marker = `parent-${process.pid}`;
  const source = path.join(import.meta.dirname, 'testing/sandboxed-script.ts');
  for (const way of WAYS) {
    const script = `require('node:fs').writeFileSync('/run/ready', '1'); setInterval(() => '${marker}', 1000)`;
    const ready = at(`ready-${way}`);
    writeFileSync(ready, '');
    execFileSync('chmod', ['666', ready]);
    const starter = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '--eval',
      `import { sandboxedScript } from ${JSON.stringify(source)};
       await sandboxedScript(${JSON.stringify(script.replace("require('node:fs')", "(await import('node:fs'))"))}, '${way}', { writable: [{ from: '${ready}', at: '/run/ready' }] });`,
    ]);
    await hasHappened(() => readFileSync(ready, 'utf8') === '1');
    expect(processesOf(marker)).toBeGreaterThan(0);
    starter.kill('SIGKILL');
    await hasEnded(marker);
  }
});

/** Waits for what a test has caused; jest's own timeout ends one that never comes. */
async function hasHappened(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  expect(existsSync(root)).toBe(true);
}
