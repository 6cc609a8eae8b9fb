import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Cell } from '../../tools/denial/attempt.ts';
import { INJECTIONS } from './injection.ts';
import { logsOf, MERCHANT_EMAIL, send, signIn } from './merchant.ts';
import { eventually, expectSuccess, PlatformUnderTest } from './platform-under-test.ts';
import { readWhile } from './reading.ts';
import { expectTrust } from './under-injection.ts';

const minutes = 60_000;

/** What the tests read of a product. */
interface Product {
  readonly productId: string;
  readonly sku: string;
  readonly stock: number;
  readonly etag: string;
}

interface Matrix {
  readonly cells: readonly Cell[];
  readonly wrong: number;
}

/** Who may do what on the running platform, and that it stays so while keys and certificates change. */
describe('trust on the running platform', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await PlatformUnderTest.create();
    expectSuccess(await platform.run(['up', ...platform.ports]));
    expectSuccess(await platform.run(['seed', '--products', '500']));
  }, 5 * minutes);
  afterAll(async () => {
    await platform.run(['destroy', '--yes']);
    await platform.dispose();
  }, 5 * minutes);

  test(
    'every access of every identity ends as the graph declares it',
    async () => {
      const outcome = await platform.run(['denial', '--json']);
      const { cells, wrong } = JSON.parse(outcome.stdout) as Matrix;
      expect(cells.filter(({ asDeclared }) => !asDeclared)).toEqual([]);
      expect([outcome.code, wrong]).toEqual([0, 0]);
      // Both sides of the rule were met, at every kind of engine.
      for (const engine of ['https', 'grpc', 'postgresql', 'redis', 'kafka'] as const) {
        const verdicts = cells.filter((cell) => cell.engine === engine).map((cell) => cell.verdict);
        expect([engine, [...new Set(verdicts)].sort()]).toEqual([engine, ['admitted', 'refused']]);
      }
    },
    2 * minutes,
  );

  test(
    'the first merchant is set up by a command that may be repeated, and only its owner may read the password',
    async () => {
      const first = await platform.run(['merchant']);
      expectSuccess(first);
      const file = path.join(platform.state, 'credentials/merchant');
      const password = readFileSync(file, 'utf8');
      expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(first.stdout).toContain(MERCHANT_EMAIL);
      expect(first.stdout).toContain(file);
      const second = await platform.run(['merchant', '--json']);
      expectSuccess(second);
      expect(JSON.parse(second.stdout)).toMatchObject({ passwordFile: file });
      expect(readFileSync(file, 'utf8')).toBe(password);
      for (const { stdout, stderr } of [first, second]) {
        expect(stdout + stderr).not.toContain(password);
      }
    },
    2 * minutes,
  );

  // Meridian itself does not need curl.
  const withCurl = spawnSync('curl', ['--version']).status === 0 ? test : test.skip;
  withCurl(
    'the commands that it shows work as they are',
    async () => {
      const { stdout } = await platform.run(['merchant']);
      const script = stdout.slice(stdout.indexOf('token=$('), stdout.indexOf('To create'));
      const create = stdout.slice(stdout.indexOf("printf 'authorization"));
      const answers = [1, 2].map(() => {
        const shell = spawnSync('sh', ['-c', `${script}\n${create}`], {
          encoding: 'utf8',
          // No proxy of this machine's lies between.
          env: { PATH: process.env['PATH'] ?? '' },
        });
        expect([shell.status, shell.stderr]).toEqual([0, '']);
        return JSON.parse(shell.stdout) as Product;
      });
      expect(answers[0]).toMatchObject({ sku: 'LAMP-1', stock: 10 });
      expect(answers[1]).toEqual(answers[0]);
    },
    2 * minutes,
  );

  describe('a merchant', () => {
    const chair = {
      sku: 'CHAIR-1',
      name: 'Desk chair',
      category: 'chairs-of-this-test',
      brand: 'Meridian',
      price: { currencyCode: 'EUR', minorUnits: '14900' },
      stock: 3,
    };
    const key = { 'idempotency-key': '"chair-1"' };
    let password: string;
    let token: string;

    beforeAll(async () => {
      expectSuccess(await platform.run(['merchant']));
      password = readFileSync(path.join(platform.state, 'credentials/merchant'), 'utf8');
      token = await signIn(platform, MERCHANT_EMAIL, password);
    }, 2 * minutes);

    test('creates a product, and once only however often the same key comes', async () => {
      const first = await send(platform, 'POST', '/v1/products', chair, { token, headers: key });
      expect([first.status, first.body]).toEqual([200, expect.stringContaining('"CHAIR-1"')]);
      // The class of merchants has limits of its own.
      expect(first.headers['ratelimit-policy']).toMatch(/^"merchant";/);
      const again = await send(platform, 'POST', '/v1/products', chair, { token, headers: key });
      expect([again.status, JSON.parse(again.body)]).toEqual([200, JSON.parse(first.body)]);
      const { body } = await platform.get(`/v1/products?category=${chair.category}`);
      const { products } = JSON.parse(body) as { products: readonly Product[] };
      expect(products.map(({ sku }) => sku)).toEqual(['CHAIR-1']);
    });

    test('gets 422 for the same key with another body', async () => {
      const other = { ...chair, sku: 'CHAIR-2' };
      const answer = await send(platform, 'POST', '/v1/products', other, { token, headers: key });
      expect(answer.status).toBe(422);
    });

    test('gets 412 for a change of what has changed meanwhile', async () => {
      const { body } = await platform.get(`/v1/products?category=${chair.category}`);
      const product = (JSON.parse(body) as { products: readonly Product[] }).products[0];
      const target = `/v1/products/${String(product?.productId)}?etag=${encodeURIComponent(String(product?.etag))}`;
      const changed = await send(platform, 'PATCH', target, { stock: 4 }, { token });
      expect([changed.status, (JSON.parse(changed.body) as Product).stock]).toEqual([200, 4]);
      const stale = await send(platform, 'PATCH', target, { stock: 5 }, { token });
      expect(stale.status).toBe(412);
    });

    test('sees in Kafka what was created and changed', async () => {
      const shown = await eventually(
        () => platform.run(['events', 'catalog.events.v1', '--last', '5']),
        ({ stdout }) => stdout.includes('meridian.catalog.v1.ProductUpdated'),
      );
      expect(shown.stdout).toMatch(/ meridian\.catalog\.v1\.ProductCreated .*"sku":"CHAIR-1"/);
      const unknown = await platform.run(['events', 'catalog.events.v2']);
      expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/TOPIC_UNKNOWN/)]);
    }, 90_000);

    test('is somebody, and no customer: 403 for those, 401 for nobody', async () => {
      const customer = { email: 'ann@example.com', password: 'seven blue lanterns' };
      const opened = await send(platform, 'POST', '/v1/accounts', customer);
      expect([opened.status, opened.body]).toEqual([200, expect.stringContaining('customer')]);
      const ann = await signIn(platform, customer.email, customer.password);
      const product = { ...chair, sku: 'CHAIR-3' };
      const byCustomer = await send(platform, 'POST', '/v1/products', product, { token: ann });
      expect(byCustomer.status).toBe(403);
      const byNobody = await send(platform, 'POST', '/v1/products', product);
      expect(byNobody.status).toBe(401);
    });

    test('has a password that is in no log and not in the state that Pulumi keeps', async () => {
      const task = path.join(platform.state, 'zones/a/logs/merchant-account.log');
      // The same logs hold what is no secret, so this looks where it should.
      const logs = await eventually(
        () => logsOf(platform),
        (found) => found.get(task)?.includes(MERCHANT_EMAIL) === true,
      );
      const files = [...logs].filter(([, text]) => text.includes(password)).map(([file]) => file);
      expect(files).toEqual([]);
      const state = path.join(platform.state, 'pulumi/.pulumi/stacks/meridian/local.json');
      expect(readFileSync(state, 'utf8')).not.toContain(password);
    }, 90_000);
  });

  test(
    'what a merchant was told is kept is published once and in order, and every answer is a success or tells when to come again, whatever is killed meanwhile',
    async () => {
      expect.hasAssertions();
      const password = readFileSync(path.join(platform.state, 'credentials/merchant'), 'utf8');
      const injections = INJECTIONS.filter(({ always }) => always);
      await expectTrust(platform, password, injections);
    },
    5 * minutes,
  );

  test(
    'five rotations of every certificate, and new passwords, cost no read',
    async () => {
      const pids = platform.processes().map(({ pid }) => pid);
      await using reading = readWhile(platform);
      for (let round = 1; round <= 5; round += 1) {
        const outcome = await platform.run(['rotate', '--json']);
        expectSuccess(outcome);
        expect(JSON.parse(outcome.stdout)).toMatchObject({ problems: [] });
      }
      const secret = () =>
        readFileSync(path.join(platform.state, 'credentials/redis-catalog'), 'utf8');
      const secretBefore = secret();
      expectSuccess(await platform.run(['up', '-c', 'passwordGeneration=2']));
      expect(secret()).not.toBe(secretBefore);
      const { failures, count } = await reading.end();
      expect(failures).toEqual([]);
      expect(count).toBeGreaterThan(20);
      expect(platform.processes().map(({ pid }) => pid)).toEqual(pids);
      // Who is to be let in is let in by the new ones, and nobody else.
      expectSuccess(await platform.run(['denial']));
    },
    3 * minutes,
  );
});
