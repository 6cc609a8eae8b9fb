import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { compileCache } from '@meridian/provider-local/machine/compile-cache.ts';
import { commands } from '../bootstrap/commands.mjs';

/** Names every module that is loaded, on standard error. */
const hook = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module';
   registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`,
)}`;

function run(...args: readonly string[]) {
  const home = mkdtempSync(path.join(tmpdir(), 'meridian-main-'));
  const main = path.join(import.meta.dirname, 'main.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', hook, main, ...args], {
    encoding: 'utf8',
    env: { HOME: home, ...compileCache() },
  });
  rmSync(home, { recursive: true });
  return { stdout, loaded: stderr.split('\n').filter((line) => line.startsWith('file:')) };
}

test('help names every command of the table', () => {
  const { stdout } = run('--help');
  for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
});

test.each([['--help'], ['status'], ['stop']])(
  '%s loads neither the program, nor Pulumi, nor what installs engines',
  (command) => {
    const { loaded } = run(command);
    const heavy =
      /@pulumi|cdk8s|listr2|\/(infra|stacks|components|services|tools\/engines)\/(?!cache)/;
    expect(loaded.some((url) => url.includes('/commander/'))).toBe(true);
    expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  },
);
