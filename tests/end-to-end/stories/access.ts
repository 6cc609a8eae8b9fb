import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DescMethod } from '@bufbuild/protobuf';
import { httpRoutes } from '@meridian/components/model/http-route.ts';
import { answerOf, WHOSE } from '@meridian/language/access.ts';
import type { AccessRow, Whose } from '@meridian/language/access.ts';
import { declaredServices } from '../../../infra/platform-graph.ts';
import { accessRows } from '../../contracts/access-rows.ts';
import { ATTEMPTS, LAST_ATTEMPTS } from '../access-attempts.ts';
import type { Attempt } from '../access-attempts.ts';
import { setScene } from '../access-scene.ts';
import type { Asker, Scene } from '../access-scene.ts';
import type { Ground } from '../ground.ts';
import { send } from '../merchant.ts';
import { expectSuccess } from '../platform-under-test.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

/** What the table says becomes of a request, and what became of it, by the request in words. */
type Told = Record<string, string>;

const ROWS = declaredServices()
  .filter(({ implemented }) => implemented)
  .flatMap(accessRows);

export const access: Story = {
  title: 'who may see what',
  always: true,
  tell: (ground) => {
    const { platform } = ground;
    beforeAll(async () => {
      scene = await setScene(platform);
    }, MINUTES);
    tellOfPages();
    tellOfTheTable(ground);
  },
};

let scene: Scene;

function tellOfTheTable({ platform }: Ground): void {
  afterAll(async () => {
    // Everybody has deleted their account, and other stories have a merchant.
    expectSuccess(await platform.run(['account', '--role', 'merchant', '--json']));
  }, MINUTES);

  test(
    'gets from every public method what the table says, for each role and whosever the object is',
    async () => {
      const expected: Told = {};
      const answered: Told = {};
      for (const attempts of [ATTEMPTS, LAST_ATTEMPTS]) {
        await Promise.all(
          scene.askers.map(async (asker) => {
            for (const [name, attempt] of Object.entries(attempts)) {
              const row = ROWS.find(({ method }) => method.name === name);
              if (row === undefined) throw new Error(`No table has a row for ${name}`);
              for (const whose of asked(row.row, asker)) {
                const words = `${name} of ${whose} by ${asker.column}`;
                expected[words] = answerOf(row.row[asker.column], whose);
                answered[words] = await answerTo(platform, row.method, attempt, whose, asker);
              }
            }
          }),
        );
      }
      expect(answered).toEqual(expected);
      expect(Object.keys(answered).length).toBeGreaterThan(ROWS.length * scene.askers.length);
    },
    2 * MINUTES,
  );
}

/** What a request can name for this caller; one thing where the table does not tell them apart. */
function asked(row: AccessRow, { column }: Asker): readonly Whose[] {
  const cell = row[column];
  // From behind: whoever deletes an account of their own asks for nothing more.
  if (typeof cell === 'object') return WHOSE.toReversed().filter((whose) => whose in cell);
  return ['another'];
}

async function answerTo(
  platform: PlatformUnderTest,
  method: DescMethod,
  { names, query, body }: Attempt,
  whose: Whose,
  asker: Asker,
): Promise<string> {
  const id = names === undefined ? '' : scene.idOf(names, whose, asker);
  const [route] = httpRoutes(method);
  if (route === undefined) throw new Error(`${method.name} has no route`);
  const target = route.path.replace(/\{[^}]*\}/g, id) + (query?.(id) ?? '');
  const { shopper } = asker;
  const by = shopper === undefined ? {} : { token: shopper.token };
  const answer = await send(platform, route.verb, target, body?.(scene, asker), by);
  return ANSWERS[answer.status] ?? `${answer.status} ${answer.body}`;
}

/** What statuses mean. Source: services/gateway/problem/catalogue.ts. */
const ANSWERS: Readonly<Record<number, string>> = {
  ...{ 200: 'OK', 201: 'OK' },
  ...{ 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND' },
};

function tellOfPages(): void {
  test(
    'goes on from a page of their own, and from that of nobody else',
    async () => {
      const { bob, product } = scene;
      await bob.order([{ productId: product.productId, quantity: 1 }]);
      const support = scene.askers.find(({ column }) => column === 'support')?.shopper;
      const written = `${product.productId}@${product.version}`;
      for (const list of [
        `/v1/orders?accountId=${bob.accountId}`,
        `/v1/search/products?query=thing&written=${written}`,
      ]) {
        const first = await bob.get(`${list}&pageSize=1`);
        const { nextPageToken } = JSON.parse(first.body) as { nextPageToken?: string };
        const next = `${list}&pageSize=1&pageToken=${String(nextPageToken)}`;
        const [own, others] = [await bob.get(next), await support?.get(next)];
        expect([list, own.status]).toEqual([list, 200]);
        expect([others?.status, others?.body]).toEqual([400, expect.stringMatching(/stale-page/)]);
      }
    },
    MINUTES,
  );
}
