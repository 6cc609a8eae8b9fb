import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { outputProblems } from '../output/testing/output-problems.ts';
import { account } from './account.ts';
import { bench } from './bench.ts';
import { check } from './check.ts';
import { denial } from './denial.ts';
import { destroy } from './destroy.ts';
import { events } from './events.ts';
import { logs } from './logs.ts';
import { order } from './order.ts';
import { payments } from './payments.ts';
import { rotate } from './rotate.ts';
import { seed } from './seed.ts';
import { shop } from './shop.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';

let home: string;
let printed: string;

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'meridian-nothing-'));
  jest.replaceProperty(process, 'env', { HOME: home });
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(home, { recursive: true });
});

test.each<readonly [string, () => Promise<number>]>([
  ['bench', () => bench({ requests: 1 })],
  ['denial', () => denial({})],
  ['events', () => events(undefined, { last: 1 })],
  ['account', () => account({ role: 'merchant' })],
  ['rotate', () => rotate({})],
  ['seed', () => seed({ products: 1, accounts: 1, orders: 0 })],
  ['shop', () => shop({ rate: 1, for: '1s', accounts: 1, seed: 1 })],
  ['order', () => order('0', {})],
  ['check', () => check({})],
  ['payments', () => payments('reconcile', {})],
])('without a platform %s says that it needs one, and how to have it', async (_verb, command) => {
  await expect(command()).rejects.toMatchObject({
    code: 'PLATFORM_NOT_RUNNING',
    message: expect.stringMatching(/'npm start'.* first/) as unknown,
  });
  expect(readdirSync(home)).toEqual([]);
});

test('without a platform there is nothing to show, stop or remove, and nothing is asked or made', async () => {
  await expect(logs('catalog', { lines: 1 })).rejects.toMatchObject({ code: 'LOG_UNKNOWN' });
  expect(await status({})).toBe(1);
  expect(await stop({})).toBe(0);
  expect(await destroy({})).toBe(0);
  expect(printed).toMatch(/no local platform.*\n.*no local platform.*\nNothing to remove/);
  expect(readdirSync(home)).toEqual([]);
});

test.each([
  ['status', () => status({ json: true }), []],
  ['stop', () => stop({ json: true }), { stopped: [] }],
  ['destroy', () => destroy({ json: true }), { removed: false }],
] as const)('without a platform %s says so to a script too', async (name, command, told) => {
  await command();
  expect(outputProblems(name, printed)).toBe('');
  expect(JSON.parse(printed)).toEqual(told);
});
