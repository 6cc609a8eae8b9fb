import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { listedSuites } from './jest-run.ts';

test('a list that jest could not make fails with what jest said, and is not an empty list', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-jest-run-'));
  try {
    const config = path.join(folder, 'jest.config.mjs');
    writeFileSync(config, "throw new Error('no such preset');\n");
    await expect(listedSuites(['--config', config])).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringMatching(
        /^jest could not list the suites and ended with 1:\n.*no such preset/s,
      ) as unknown,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a list with nothing in it is one', async () => {
  expect(await listedSuites(['--findRelatedTests', 'docs/errors.md'])).toEqual([]);
});
