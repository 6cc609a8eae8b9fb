import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const minutes = 60_000;

/** Suites of properties that import fast-check themselves: `npm test` gives them the same seed each time. */
function suitesOfProperties(): readonly string[] {
  const ignored = /(?:^|\/)(?:node_modules|\.meridian)$|^tests\/(?:long|cluster)$/;
  return globSync('**/*.test.ts', { cwd: root, exclude: (file) => ignored.test(file) })
    .filter((file) => readFileSync(path.join(root, file), 'utf8').includes("from 'fast-check'"))
    .toSorted();
}

/** What jest says of them, and its exit code. */
async function runWithAnySeed(suites: readonly string[]) {
  const jest = ['node_modules/jest/bin/jest.js', '--runTestsByPath', ...suites];
  const env = {
    ...process.env,
    NODE_OPTIONS: '--experimental-vm-modules',
    MERIDIAN_PROPERTY_SEED: 'random',
  };
  return await new Promise<{ readonly failed: boolean; readonly told: string }>((resolve) => {
    execFile(
      process.execPath,
      jest,
      { cwd: root, env, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        resolve({ failed: error !== null, told: `${stdout}\n${stderr}` });
      },
    );
  });
}

test(
  'each property holds with three seeds that nobody chose',
  async () => {
    const suites = suitesOfProperties();
    expect(suites.length).toBeGreaterThan(20);
    for (let run = 0; run < 3; run += 1) {
      const { failed, told } = await runWithAnySeed(suites);
      expect(failed ? told : '').toBe('');
      expect(told).toMatch(
        new RegExp(`Test Suites: ${suites.length} passed, ${suites.length} total`),
      );
    }
  },
  30 * minutes,
);
