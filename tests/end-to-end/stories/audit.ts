import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Ground } from '../ground.ts';
import { eventually, expectSuccess } from '../platform-under-test.ts';
import { CONFIRMED, Shopper } from '../shopper.ts';
import type { Order, Product } from '../shopper.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly event: string;
  readonly proof?: { readonly entry: number; readonly treeSize?: number };
}

/** What the tests share. */
interface Scene {
  order?: Order;
  rows?: readonly Row[];
}

export const audit: Story = {
  title: 'an auditor',
  always: true,
  tell: (ground) => {
    const scene: Scene = {};
    beforeAll(async () => {
      const { platform } = ground;
      const shopper = await Shopper.register(platform, 'audited');
      const merchant = await Shopper.withRole(platform, 'merchant');
      const ware = {
        ...{ sku: 'AUDITED-1', name: 'Oak ledger', category: 'audit-story', brand: 'Meridian' },
        ...{ price: { currencyCode: 'EUR', minorUnits: '1900' }, stock: 5 },
      };
      const offered = await merchant.post('/v1/products', ware, ware.sku);
      expect([offered.status, offered.body]).toEqual([201, expect.stringContaining(ware.sku)]);
      const { productId } = JSON.parse(offered.body) as Product;
      const order = await shopper.order([{ productId, quantity: 1 }]);
      scene.order = (await shopper.follow(order, CONFIRMED)).at(-1) ?? order;
    }, MINUTES);
    tellOfHistory(ground, scene);
    tellOfProofs(ground, scene);
    tellOfOutside(ground);
  },
};

function tellOfHistory({ platform }: Ground, scene: Scene): void {
  const json = async (...args: readonly string[]): Promise<unknown> => {
    const told = await platform.run(['audit', ...args, '--json']);
    expectSuccess(told);
    return JSON.parse(told.stdout) as unknown;
  };
  const orderId = (): string => scene.order?.orderId ?? '';

  test(
    'sees an order as a story whose every event is proven to be in the published log',
    async () => {
      const { rows } = await eventually(
        async () => {
          const told = await platform.run(['order', orderId(), '--json']);
          expectSuccess(told);
          return JSON.parse(told.stdout) as { readonly rows: readonly Row[] };
        },
        ({ rows: some }) =>
          some.every(({ kind, proof }) => kind !== 'event' || proof !== undefined),
      );
      const events = rows.filter(({ kind }) => kind === 'event');
      expect(events.map(({ event }) => event)).toEqual(
        expect.arrayContaining(['OrderPlaced', 'ReservationChanged', 'PaymentChanged']),
      );
      for (const { proof } of events) expect(proof?.treeSize).toBeGreaterThan(proof?.entry ?? 0);
      scene.rows = events;
    },
    MINUTES,
  );

  test(
    'is told what happened across services, causes first, and what something was at a time',
    async () => {
      const { entries } = (await json('log', orderId())) as {
        readonly entries: readonly Readonly<Record<'eventId' | 'causationId', string>>[];
      };
      const position = new Map(entries.map(({ eventId }, index) => [eventId, index]));
      expect(position.size).toBe(entries.length);
      for (const [index, { causationId }] of entries.entries()) {
        expect(position.get(causationId) ?? -1).toBeLessThan(index);
      }
      const { entry } = (await json('state', `orders/${orderId()}`)) as {
        readonly entry: { readonly dataJson: string };
      };
      expect(JSON.parse(entry.dataJson)).toMatchObject({ order: { status: CONFIRMED } });
      const before = await platform.run([
        ...['audit', 'state', `orders/${orderId()}`, '--at', '2020-01-01T00:00:00Z'],
      ]);
      expect([before.code, before.stdout]).toEqual([1, expect.stringMatching(/^There was no /)]);
    },
    MINUTES,
  );

  test(
    'reads through the edge, where others are refused, and each read is on record',
    async () => {
      const auditor = await Shopper.withRole(platform, 'auditor');
      const target = `/v1/audit/entries?correlation_id=${orderId()}`;
      const answer = await auditor.get(target);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({
        entries: expect.arrayContaining([
          expect.objectContaining({ type: 'meridian.orders.v1.OrderPlaced' }),
        ]),
      });
      const shopper = await Shopper.register(platform, 'curious');
      expect((await shopper.get(target)).status).toBe(403);
      const reads = await auditor.get(`/v1/audit/reads?reader=${auditor.accountId}`);
      const told = JSON.parse(reads.body) as {
        readonly reads: readonly { readonly method: string; readonly request: string }[];
      };
      const ofOrder = told.reads.filter(({ request }) => request.includes(orderId()));
      expect(ofOrder.map(({ method }) => method)).toEqual(['ListEntries']);
    },
    MINUTES,
  );
}

function tellOfProofs({ platform }: Ground, scene: Scene): void {
  test(
    'takes away a proof that another machine checks, and that proves nothing once it is touched',
    async () => {
      const told = await platform.run(['audit', 'prove', scene.rows?.[0]?.id ?? '']);
      expectSuccess(told);
      const file = path.join(platform.state, 'story.tlog-proof');
      writeFileSync(file, told.stdout);
      const checked = await platform.run(['audit', 'check', file]);
      expect([checked.code, checked.stdout]).toEqual([
        0,
        expect.stringMatching(/^Proven: meridian\.orders\.v1\.OrderPlaced 1 of /),
      ]);
      // Another index than the one that the hashes are for.
      const [, index = ''] = /^index (\d+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
      writeFileSync(file, told.stdout.replace(`index ${index}\n`, `index ${Number(index) ^ 1}\n`));
      const refused = await platform.run(['audit', 'check', file]);
      expect([refused.code, refused.stdout]).toEqual([1, expect.stringMatching(/^NOT proven: /)]);
    },
    MINUTES,
  );

  test(
    'sees that an old row was changed behind everybody’s back, which one, and that it is as it was again',
    async () => {
      const told = await platform.run(['audit', 'tamper', '--demo', '--json']);
      expectSuccess(told);
      expect(JSON.parse(told.stdout)).toMatchObject({ action: 'tamper', found: true, after: true });
      expect(told.stderr).toMatch(
        /leaf \d+ \(event .*OrderPlaced.*\) was changed; the head of \d+ leaves exposes it/,
      );
    },
    MINUTES,
  );
}

function tellOfOutside({ platform }: Ground): void {
  test(
    'verifies all of it on a machine of their own, by the public API and a copy of what was published',
    async () => {
      const made = await platform.run(['account', '--role', 'auditor', '--json']);
      expectSuccess(made);
      const { email, passwordFile, url, rootCertificate } = JSON.parse(made.stdout) as Readonly<
        Record<'email' | 'passwordFile' | 'url' | 'rootCertificate', string>
      >;
      const home = mkdtempSync(path.join(tmpdir(), 'auditor-'));
      try {
        // What an auditor has: the address, an account, the root certificate and the copy of a bucket.
        const published = path.join(home, 'published');
        const bucket = placeholdersOf(platform.folders, 'a', 'checkpoint-store-stand-in').data;
        cpSync(bucket, published, { recursive: true });
        const [password, root] = [passwordFile, rootCertificate].map((file, at) => {
          const own = path.join(home, `${at}`);
          cpSync(file, own);
          return own;
        }) as [string, string];
        const there = ['--url', url, '--email', email, '--password', password, '--root', root];
        const verified = await platform.run(
          ['audit', 'verify', ...there, '--published', published, '--json'],
          { HOME: home },
        );
        expectSuccess(verified);
        const verdict = JSON.parse(verified.stdout) as Readonly<Record<string, number>>;
        expect(verdict).toMatchObject({ findingCount: 0, incompleteCount: 0 });
        expect(verdict['entries']).toBe(verdict['treeSize']);
        // Nothing of a platform was made there.
        expect(existsSync(path.join(home, '.local'))).toBe(false);
      } finally {
        rmSync(home, { recursive: true });
      }
    },
    MINUTES,
  );
}
