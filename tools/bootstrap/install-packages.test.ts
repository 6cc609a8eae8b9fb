import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
