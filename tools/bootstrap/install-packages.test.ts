import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { installPackages, wayOut } from './install-packages.mjs';

test("packages are not installed in a clone that is not the user's own, who is told so", async () => {
  const clone = mkdtempSync(path.join(tmpdir(), 'meridian-clone-'));
  writeFileSync(path.join(clone, 'package-lock.json'), '{}');
  chmodSync(clone, 0o555);
  try {
    await expect(installPackages(clone)).rejects.toThrow(
      `must be installed in the clone ${clone}, got one that user ${String(process.getuid?.())} may not write to (EACCES)`,
    );
  } finally {
    chmodSync(clone, 0o755);
    rmSync(clone, { recursive: true });
  }
});

test.each([
  ['npm error code EINTEGRITY', 'take package-lock.json from a commit that you trust'],
  ['npm error code EUSAGE\nnpm error `npm ci` can only install', 'npm install writes it'],
  ['npm error code ENOTFOUND', 'have the registry be reached'],
  ['npm error code E401', 'npm login'],
  ['npm error nothing that anybody knows', 'put right what npm says below'],
])('what npm says in its own words (%s) comes with what to do', (told, way) => {
  expect(wayOut(told)).toContain(way);
});

test('a review whose packages cannot be installed is none, and says what to do and by which code', () => {
  const clone = mkdtempSync(path.join(tmpdir(), 'meridian-clone-'));
  try {
    const bin = path.join(clone, 'bin');
    mkdirSync(bin);
    writeFileSync(
      path.join(bin, 'npm'),
      "#!/bin/sh\necho 'npm error code EINTEGRITY' >&2\nexit 1\n",
    );
    chmodSync(path.join(bin, 'npm'), 0o755);
    writeFileSync(path.join(clone, 'package-lock.json'), '{}');
    const tools = path.join(import.meta.dirname, '..');
    cpSync(path.join(tools, 'bootstrap'), path.join(clone, 'tools/bootstrap'), { recursive: true });
    cpSync(path.join(tools, 'meridian.mjs'), path.join(clone, 'tools/meridian.mjs'));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['tools/meridian.mjs', 'review', 'main..HEAD', '--stack', 'staging'],
      {
        cwd: clone,
        encoding: 'utf8',
        env: { PATH: `${bin}:/usr/bin:/bin`, HOME: clone, TMPDIR: clone },
      },
    );
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(
      /got exit code 1 from npm ci; a package is another one than the lockfile says: take/,
    );
    expect(stderr).toMatch(/npm error code EINTEGRITY \[PACKAGES_NOT_INSTALLED\]\n$/);
  } finally {
    rmSync(clone, { recursive: true });
  }
});
