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
  folder = mkdtempSync(path.join(tmpdir(), 'mrunner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly said: string;
  readonly result: {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
    readonly numPendingTests: number;
    readonly testResults: readonly {
      readonly message: string;
      readonly status: string;
      readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
    }[];
  };
  /** What `npm test` is told of the suite. */
  readonly cost: Readonly<Record<string, unknown>>;
}

/** Runs jest, as people do, over one suite with this text. */
async function runOf(text: string, args: readonly string[] = []): Promise<Run> {
  const suite = path.join(folder, 'tried.test.ts');
  const [config, costs, json] = ['jest.config.mjs', 'costs', 'result.json'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  writeFileSync(
    suite,
    `import { afterAll, describe, expect, jest, test } from '@jest/globals';\n${text}`,
  );
  writeFileSync(
    config,
    `import base from '${program}/jest.config.js';
const below = (file) => file.replace('<rootDir>', '${program}');
export default {
  ...base,
  rootDir: '${folder}',
  runner: below(base.runner),
  testSequencer: below(base.testSequencer),
  testTimeout: 500,
};`,
  );
  const jest = path.join(program, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    [jest, '--config', config, '--json', `--outputFile=${json}`, ...args, '--runTestsByPath', suite],
    {
      cwd: program,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, MERIDIAN_SUITE_COSTS: costs },
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return {
    code,
    said,
    result: JSON.parse(readFileSync(json, 'utf8')) as Run['result'],
    cost: JSON.parse(readFileSync(costs, 'utf8')) as Run['cost'],
  };
}

test('a test that hangs fails by its time-out, and the next one runs', async () => {
  const { code, result } = await runOf(`
test('hangs', () => new Promise(() => setInterval(() => undefined, 1000)));
test('hangs by a time-out of its own', () => new Promise(() => undefined), 100);
test('works', () => expect(1).toBe(1));`);
  expect(code).toBe(1);
  expect(result).toMatchObject({ numPassedTests: 1, numFailedTests: 2 });
  expect(result.testResults[0]?.message).toContain('Exceeded timeout of 500 ms for a test');
  expect(result.testResults[0]?.message).toContain('Exceeded timeout of 100 ms for a test');
});

test('jest.setTimeout holds for the whole suite', async () => {
  const { result } = await runOf(`
jest.setTimeout(50);
test('hangs', () => new Promise(() => undefined));`);
  expect(result.testResults[0]?.message).toContain('Exceeded timeout of 50 ms for a test');
});

test('a suite that throws while it is loaded fails', async () => {
  const { code, result } = await runOf(`throw new Error('not loaded');`);
  expect(code).toBe(1);
  expect(result.testResults[0]).toMatchObject({ status: 'failed', assertionResults: [] });
  expect(result.testResults[0]?.message).toContain('not loaded');
});

test('a suite whose process ends by itself fails', async () => {
  const { code, result } = await runOf(`test('leaves', () => process.exit(0));`);
  expect(code).toBe(1);
  expect(result.testResults[0]?.message).toContain('ended with exit code 0 before its tests did');
});

test.each([
  ['a rejection', `void Promise.reject(new Error('too late'));`],
  ['an exception', `setImmediate(() => { throw new Error('too late'); });`],
])('%s that nobody catches fails the test that runs', async (_what, statement) => {
  const { result } = await runOf(`
test('starts it', async () => { ${statement} await new Promise((end) => setTimeout(end, 50)); });
test('works', () => expect(1).toBe(1));`);
  expect(result).toMatchObject({ numPassedTests: 1, numFailedTests: 1 });
  expect(result.testResults[0]?.message).toContain('too late');
});

test.each([
  ['a rejection', `void Promise.reject(new Error('too late'));`],
  ['an exception', `setImmediate(() => { throw new Error('too late'); });`],
])('%s after the last test fails the suite, though its tests passed', async (_what, statement) => {
  const { code, result } = await runOf(`
afterAll(() => { ${statement} });
test('works', () => expect(1).toBe(1));`);
  expect(code).toBe(1);
  expect(result).toMatchObject({ numPassedTests: 1, numFailedTests: 0 });
  expect(result.testResults[0]).toMatchObject({ status: 'failed' });
  expect(result.testResults[0]?.message).toContain('too late');
});

test('a rejection that is handled before its test ends fails nothing', async () => {
  const { code } = await runOf(`
test('waits first', async () => {
  const answer = Promise.reject(new Error('away'));
  await new Promise((end) => setTimeout(end, 50));
  await expect(answer).rejects.toThrow('away');
});`);
  expect(code).toBe(0);
});

test('expected assertions that were not made fail a test', async () => {
  const { result } = await runOf(`
test('asserts too little', () => { expect.assertions(2); expect(1).toBe(1); });`);
  expect(result.testResults[0]?.message).toContain('expect.assertions(2)');
});

test('what a suite prints is shown with its name', async () => {
  const { said } = await runOf(`
console.log('said by the test');
test('works', () => expect(1).toBe(1));`);
  expect(said).toMatch(/tried\.test\.ts says:\n +said by the test/);
});

test('only tests of a name run, and the others are skipped', async () => {
  const { result, cost } = await runOf(
    `
describe('a block', () => {
  test('that is meant', () => expect(1).toBe(1));
  test('that is not', () => expect(1).toBe(2));
});`,
    ['-t', 'a block that is meant'],
  );
  expect(result).toMatchObject({ numPassedTests: 1, numFailedTests: 0, numPendingTests: 1 });
  expect(cost).toMatchObject({ skipped: ['a block that is not'] });
});

test('CPU of what it started is counted, and the engines too', async () => {
  const { cost } = await runOf(`
import { execFileSync } from 'node:child_process';
import { engineStarted } from '${program}/providers/local/testing/engine-started.ts';
test('burns', () => {
  engineStarted('redis');
  const code = 'const end = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < end);';
  execFileSync(process.execPath, ['-e', code]);
}, 60_000);`);
  expect(cost).toMatchObject({ suite: 'tried.test.ts', engines: { redis: 1 } });
  expect(cost['cpuSeconds']).toBeGreaterThan(0.3);
});
