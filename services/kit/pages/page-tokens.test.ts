import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codePoint } from '../../../tests/code-point.ts';
import { DatabaseWorld } from '../postgres/testing/database-world.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { PagesService } from '../testing/gen/meridian/kittest/v1/pages_pb.js';
import { pageKeyOfSecret, pageKeyOfTable } from './page-key.ts';
import { PageTokens } from './page-tokens.ts';
import type { PagedCall } from './page-tokens.ts';

const { listNotes, listDiscardedNotes } = PagesService.method;
type Asked = MessageInitShape<typeof listNotes.input>;

const PEER = 'spiffe://meridian.local/gateway';
const caller = (subject?: string): PagedCall => ({ peer: PEER, context: { subject } });
const tokens = new PageTokens(pageKeyOfSecret(() => 'secret'));
const place = fc.string({ unit: codePoint }).filter((text) => text.isWellFormed());

let world: DatabaseWorld;
beforeAll(async () => {
  world = await DatabaseWorld.create();
  await world.createDatabase('pages', 'services/kit/pages/tables');
}, 90_000);
afterAll(() => world.close());

const tokenFor = (at: string, asked: Asked = {}, by = caller('ada')): Promise<string> =>
  tokens.next(listNotes, create(listNotes.input, asked), by, at);

/** The place that a token leads to, or the reason of its refusal. */
async function follow(pageToken: string, asked: Asked = {}, by = caller('ada'), of = tokens) {
  const request = create(listNotes.input, { ...asked, pageToken });
  return await of.place(listNotes, request, by).catch(refusal);
}

function refusal(error: unknown): string {
  expect(error).toBeInstanceOf(RpcError);
  const { status, message } = error as RpcError;
  return `${status}: ${message}`;
}

const STALE = expect.stringMatching(/^INVALID_ARGUMENT: page_token must be the next_page_token/);

test('a token comes back as the place that it was made for, on pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(place, fc.nat(1000), async (at, pageSize) => {
      expect(await follow(await tokenFor(at, { pageSize: 7 }), { pageSize })).toBe(at);
    }),
  );
  expect(await follow('')).toBeUndefined();
});

test('a token is refused by another list, for another filter, caller, service or key', async () => {
  const asked = { topic: 'a', labels: { x: '1', y: '2' } };
  const token = await tokenFor('here', asked);
  expect(await follow(token, { topic: 'a', labels: { y: '2', x: '1' } })).toBe('here');
  expect(await follow(token, { ...asked, topic: 'b' })).toEqual(STALE);
  expect(await follow(token, { topic: 'a', labels: { x: '2', y: '1' } })).toEqual(STALE);
  expect(await follow(token, asked, caller('eve'))).toEqual(STALE);
  expect(await follow(token, asked, caller())).toEqual(STALE);
  expect(await follow(token, asked, { peer: PEER })).toEqual(STALE);
  const others = new PageTokens(pageKeyOfSecret(() => 'another secret'));
  expect(await follow(token, asked, caller('ada'), others)).toEqual(STALE);
  const discarded = create(listDiscardedNotes.input, { ...asked, pageToken: token });
  expect(await tokens.place(listDiscardedNotes, discarded, caller('ada')).catch(refusal)).toEqual(
    STALE,
  );
});

test('a token of which any character is changed, added or removed is refused', async () => {
  const alphabet = fc.constantFrom(...Array.from('ABxz09-_=+/ é'));
  await fc.assert(
    fc.asyncProperty(place, fc.nat(), alphabet, fc.nat(2), async (at, where, other, removed) => {
      const token = await tokenFor(at);
      const index = where % token.length;
      const damaged = token.slice(0, index) + other + token.slice(index + removed);
      fc.pre(damaged !== token);
      expect(await follow(damaged)).toEqual(STALE);
    }),
  );
});

test('any text at all is refused, not thrown at', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: codePoint, minLength: 1 }), async (text) => {
      expect(await follow(text)).toEqual(STALE);
    }),
  );
});

test('a token keeps its form, since clients hold them across a deployment', async () => {
  expect(await tokenFor('843021f7')).toMatchInlineSnapshot(`"AgcSHfb7X1_HNVCLuC2MPJs4NDMwMjFmNw"`);
});

test('all replicas find one key in the database, and keep it', async () => {
  const open = async (): Promise<PageTokens> => {
    const { database } = await world.open('pages');
    return new PageTokens(pageKeyOfTable(database));
  };
  const [one, another] = await Promise.all([open(), open()]);
  const token = await one.next(listNotes, create(listNotes.input), caller('ada'), 'here');
  expect(await follow(token, {}, caller('ada'), another)).toBe('here');
  expect(await follow(token)).toEqual(STALE);
});
