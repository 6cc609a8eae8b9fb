import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { TestCluster } from './harness/test-cluster.ts';

describe('a cluster for tests', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meridian-clusters-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('keeps its keys to its user, out of every command line, and leaves nothing', async () => {
    await using cluster = await TestCluster.start({ parentFolder: folder });
    const commands = commandsThatName(folder);
    expect(commands.length).toBeGreaterThanOrEqual(4);
    for (const command of commands) expect(command).not.toMatch(/PRIVATE KEY|token=|password/i);
    const keys = readdirSync(join(cluster.folder, 'identities')).filter((name) =>
      name.endsWith('.key'),
    );
    expect(keys.length).toBeGreaterThan(5);
    for (const name of keys) {
      expect(statSync(join(cluster.folder, 'identities', name)).mode & 0o777).toBe(0o600);
    }
    await cluster.stop();
    expect(commandsThatName(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that does not come up says whose fault it is, and leaves nothing', async () => {
    const started = TestCluster.start({
      parentFolder: folder,
      controllerManagerFlags: ['--no-such-flag'],
    });
    await expect(started).rejects.toThrow(
      /kube-controller-manager ended while it started[^]*unknown flag: --no-such-flag/,
    );
    expect(commandsThatName(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('ends with the process that started it, even when that is killed', async () => {
    const module = join(import.meta.dirname, 'harness/test-cluster.ts');
    const script = `const { TestCluster } = await import('${module}'); await TestCluster.start({ parentFolder: '${folder}' }); console.log('up'); setInterval(() => {}, 1e6);`;
    const runner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(runner.stdout.setEncoding('utf8'), 'data')) as [string];
    expect(line).toBe('up\n');
    expect(commandsThatName(folder).length).toBeGreaterThanOrEqual(4);
    runner.kill('SIGKILL');
    await eventually(
      () => commandsThatName(folder),
      (commands) => commands.length === 0,
    );
  });
});

/** Command lines of the processes that were given a path below a folder. */
function commandsThatName(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => join('/proc', name, 'cmdline'))
    .flatMap((file) => {
      try {
        return existsSync(file) ? [readFileSync(file, 'utf8').replaceAll('\0', ' ')] : [];
      } catch (error) {
        // It has ended meanwhile.
        if ((error as NodeJS.ErrnoException).code === 'ESRCH') return [];
        throw error;
      }
    })
    .filter((command) => command.includes(folder));
}
