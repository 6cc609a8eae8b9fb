import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { installPackages } from './install-packages.mjs';

test("packages are not installed in a clone that is not the user's own, who is told so", async () => {
  const clone = mkdtempSync(path.join(tmpdir(), 'meridian-clone-'));
  writeFileSync(path.join(clone, 'package-lock.json'), '{}');
  chmodSync(clone, 0o555);
  try {
    await expect(installPackages(clone)).rejects.toThrow(
      `must be installed in the clone ${clone}, which user ${String(process.getuid?.())} may not write to (EACCES)`,
    );
  } finally {
    chmodSync(clone, 0o755);
    rmSync(clone, { recursive: true });
  }
});
