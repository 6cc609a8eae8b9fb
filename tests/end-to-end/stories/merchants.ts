import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import { logsOf, MERCHANT_EMAIL, send, signIn } from '../merchant.ts';
import { eventually, expectSuccess } from '../platform-under-test.ts';
import type { Ground } from '../ground.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

/** What the tests read of a product. */
interface Product {
  readonly productId: string;
  readonly sku: string;
  readonly stock: number;
  readonly etag: string;
}

const chair = {
  sku: 'CHAIR-1',
  name: 'Desk chair',
  category: 'chairs-of-this-test',
  brand: 'Meridian',
  price: { currencyCode: 'EUR', minorUnits: '14900' },
  stock: 3,
};
const key = { 'idempotency-key': '"chair-1"' };

export const merchants: Story = {
  title: 'a merchant',
  always: true,
  tell: (ground) => {
    tellOfAccount(ground);
    tellOfProducts(ground);
  },
};

function tellOfAccount(ground: Ground): void {
  const { platform } = ground;
  test(
    'is set up by a command that may be repeated, with a password that only its owner may read',
    async () => {
      const file = path.join(platform.state, 'credentials/merchant');
      const { password } = ground;
      expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const { merchant: first } = ground.beginning;
      expect(first.stdout).toContain(MERCHANT_EMAIL);
      expect(first.stdout).toContain(file);
      const again = await platform.run(['account', '--role', 'merchant', '--json']);
      expectSuccess(again);
      expect(JSON.parse(again.stdout)).toMatchObject({ passwordFile: file });
      expect(readFileSync(file, 'utf8')).toBe(password);
      for (const { stdout, stderr } of [first, again]) {
        expect(stdout + stderr).not.toContain(password);
      }
    },
    MINUTES,
  );

  // Meridian itself does not need curl.
  const hasCurl = spawnSync('curl', ['--version']).status === 0;
  (hasCurl ? test : test.skip)(
    `is shown commands that work as they are${hasCurl ? '' : ' (no curl here)'}`,
    () => {
      const { stdout } = ground.beginning.merchant;
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
    MINUTES,
  );
}

function tellOfProducts(ground: Ground): void {
  const { platform } = ground;
  let token: string;

  const shown = async (): Promise<readonly Product[]> => {
    const { body } = await platform.get(`/v1/products?category=${chair.category}`);
    return (JSON.parse(body) as { products: readonly Product[] }).products;
  };

  beforeAll(async () => {
    token = await signIn(platform, MERCHANT_EMAIL, ground.password);
  });

  test('creates a product, and once only however often the same key comes', async () => {
    const first = await send(platform, 'POST', '/v1/products', chair, { token, headers: key });
    expect([first.status, first.body]).toEqual([201, expect.stringContaining('"CHAIR-1"')]);
    // The class of merchants has limits of its own.
    expect(first.headers['ratelimit-policy']).toMatch(/^"merchant";/);
    const again = await send(platform, 'POST', '/v1/products', chair, { token, headers: key });
    expect([again.status, JSON.parse(again.body)]).toEqual([201, JSON.parse(first.body)]);
    const { productId } = JSON.parse(first.body) as Product;
    expect(again.headers['location']).toBe(`/v1/products/${productId}`);
    expect((await shown()).map(({ sku }) => sku)).toEqual(['CHAIR-1']);
  });

  test('gets 422 for the same key with another body', async () => {
    const other = { ...chair, sku: 'CHAIR-2' };
    const answer = await send(platform, 'POST', '/v1/products', other, { token, headers: key });
    expect(answer.status).toBe(422);
  });

  test('gets 412 for a change of what has changed meanwhile', async () => {
    const [product] = await shown();
    const target = `/v1/products/${String(product?.productId)}?etag=${encodeURIComponent(String(product?.etag))}`;
    const changed = await send(platform, 'PATCH', target, { brand: 'Other' }, { token });
    expect([changed.status, (JSON.parse(changed.body) as Product).stock]).toEqual([200, 3]);
    const stale = await send(platform, 'PATCH', target, { brand: 'Third' }, { token });
    expect(stale.status).toBe(412);
  });

  test('counts the stock with its own etag, and not by changing the product', async () => {
    const [product] = await shown();
    const target = `/v1/products/${String(product?.productId)}`;
    const refused = await send(platform, 'PATCH', target, { stock: 9 }, { token });
    expect([refused.status, refused.body]).toEqual([400, expect.stringContaining('stock')]);
    const stock = await platform.request('GET', `${target}/stock`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { etag } = JSON.parse(stock.body) as Product;
    const adjust = `${target}/stock:adjust`;
    const counted = await send(platform, 'POST', adjust, { onHand: 9, etag }, { token });
    expect([counted.status, counted.body]).toEqual([200, expect.stringContaining('"onHand":9')]);
    const stale = await send(platform, 'POST', adjust, { onHand: 8, etag }, { token });
    expect(stale.status).toBe(412);
    expect((await shown()).map((one) => one.stock)).toEqual([9]);
  });

  test('sees in Kafka what was created and changed, and of no topic that there is not', async () => {
    const [told, unknown] = await Promise.all([
      eventually(
        () => platform.run(['events', catalogEvents.name, '--last', '5']),
        ({ stdout }) => stdout.includes('meridian.catalog.v1.ProductUpdated'),
      ),
      platform.run(['events', 'catalog.events.v2']),
    ]);
    expect(told.stdout).toMatch(/ meridian\.catalog\.v1\.ProductCreated .*"sku":"CHAIR-1"/);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/TOPIC_UNKNOWN/)]);
  }, 90_000);

  test('is somebody, and no customer: 403 for those, 401 for nobody', async () => {
    const customer = { email: 'ann@example.com', password: 'seven blue lanterns' };
    const opened = await send(platform, 'POST', '/v1/accounts', customer);
    expect([opened.status, opened.body]).toEqual([201, expect.stringContaining('customer')]);
    const ann = await signIn(platform, customer.email, customer.password);
    const product = { ...chair, sku: 'CHAIR-3' };
    const byCustomer = await send(platform, 'POST', '/v1/products', product, { token: ann });
    expect(byCustomer.status).toBe(403);
    const byNobody = await send(platform, 'POST', '/v1/products', product);
    expect(byNobody.status).toBe(401);
  });

  test('has a password that is in no log and not in the state that Pulumi keeps', async () => {
    const { password } = ground;
    const task = path.join(platform.state, 'zones/a/logs/account-setup.log');
    // The same logs hold what is not a secret, so this looks where it should.
    const logs = await eventually(
      () => logsOf(platform),
      (found) => found.get(task)?.includes(MERCHANT_EMAIL) === true,
    );
    const files = [...logs].filter(([, text]) => text.includes(password)).map(([file]) => file);
    expect(files).toEqual([]);
    const state = path.join(platform.state, 'pulumi/.pulumi/stacks/meridian/local.json');
    expect(readFileSync(state, 'utf8')).not.toContain(password);
  }, 90_000);
}
