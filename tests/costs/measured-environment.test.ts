import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const program = path.resolve(import.meta.dirname, '../..');

let folder: string;

beforeEach(() => {
  // Outside the program, whose files are being checked meanwhile.
  folder = mkdtempSync(path.join(tmpdir(), 'mcosts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs jest with the program's configuration over suites with these texts, and reads their costs. */
async function costsOf(texts: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  for (const [name, text] of Object.entries(texts)) {
    // By jest's globals: packages are not found from here.
    writeFileSync(path.join(folder, `${name}.test.ts`), text);
  }
  const config = path.join(folder, 'jest.config.mjs');
  writeFileSync(
    config,
    `import base from '${program}/jest.config.js';
const below = (file) => file.replace('<rootDir>', '${program}');
export default {
  ...base,
  rootDir: '${folder}',
  testEnvironment: below(base.testEnvironment),
  testSequencer: below(base.testSequencer),
  globalSetup: undefined,
  globalTeardown: undefined,
  transform: { '^.+\\\\.ts$': ['${program}/node_modules/@swc/jest', Object.values(base.transform)[0][1]] },
};`,
  );
  const costs = path.join(folder, 'costs');
  const jest = path.join(program, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', jest, '--config', config, '--runInBand'],
    {
      cwd: program,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, MERIDIAN_SUITE_COSTS: costs },
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(said);
  return readFileSync(costs, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const BURNT_SECONDS = 0.3;
const burn = `const end = process.cpuUsage().user + ${BURNT_SECONDS * 1e6}; while (process.cpuUsage().user < end);`;

test('a suite is charged with its processes, its engines and what it skipped', async () => {
  const costs = await costsOf({
    busy: `
import { execFileSync } from 'node:child_process';
import { engineStarted } from '${program}/providers/local/testing/engine-started.ts';
test('burns', () => {
  engineStarted('redis');
  engineStarted('redis');
  execFileSync(process.execPath, ['-e', ${JSON.stringify(burn)}]);
  expect(1).toBe(1);
});
describe('a machine', () => {
  describe('that lacks something', () => {
    test.skip('cannot run this', () => undefined);
  });
});`,
    idle: `test('does nothing', () => expect(1).toBe(1));`,
  });
  expect(costs).toHaveLength(2);
  expect(costs).toContainEqual({
    suite: 'busy.test.ts',
    seconds: expect.any(Number),
    cpuSeconds: expect.any(Number),
    engines: { redis: 2 },
    skipped: ['a machine that lacks something cannot run this'],
  });
  expect(costs).toContainEqual(
    expect.objectContaining({ suite: 'idle.test.ts', engines: {}, skipped: [] }),
  );
  const [busy] = costs.filter((cost) => (cost as { suite: string }).suite === 'busy.test.ts');
  expect((busy as { cpuSeconds: number }).cpuSeconds).toBeGreaterThanOrEqual(BURNT_SECONDS);
});
