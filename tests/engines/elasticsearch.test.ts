import { beforeAll, describe, expect, test } from '@jest/globals';
import { sharedAuthority, sharedIndex } from './shared-engines.ts';
import type { SharedIndex } from './shared-engines.ts';
import { NodeClient } from './index-access.ts';

let books: SharedIndex;
let authors: SharedIndex;
const done = { status: 200 };
const refused = { status: 403 };

beforeAll(async () => {
  [books, authors] = await Promise.all([sharedIndex('books'), sharedIndex('authors')]);
}, 200_000);

describe('the user of an index', () => {
  test('builds another one beside it, and moves the alias in one step', async () => {
    const [first, second] = [`${books.index}.1`, `${books.index}.2`];
    const mapping = { mappings: { properties: { title: { type: 'text' } } } };
    for (const index of [first, second]) {
      expect(await books.request('PUT', `/${index}`, mapping)).toMatchObject(done);
      const book = { title: `copy in ${index}` };
      expect(await books.request('PUT', `/${index}/_doc/1?refresh=true`, book)).toMatchObject({
        status: 201,
      });
    }
    const add = (index: string) => ({ add: { index, alias: books.index } });
    const steps = [[add(first)], [add(second), { remove_index: { index: first } }]];
    for (const actions of steps) {
      expect(await books.request('POST', '/_aliases', { actions })).toMatchObject(done);
    }
    expect(await books.request('GET', `/${books.index}/_search?q=title:copy`)).toMatchObject({
      body: { hits: { hits: [{ _index: second }] } },
    });
    expect(await books.request('GET', `/${first}`)).toMatchObject({ status: 404 });
  });

  test('may do nothing with the index of another one, nor with all of them', async () => {
    const theirs = `${authors.index}.1`;
    expect(await authors.request('PUT', `/${theirs}`, {})).toMatchObject(done);
    const attempts = [
      ['GET', `/${theirs}/_search`],
      ['GET', `/${theirs}/_mapping`],
      ['PUT', `/${theirs}/_doc/1`],
      ['DELETE', `/${theirs}`],
      ['GET', '/_cluster/settings'],
      ['PUT', '/_cluster/settings', { persistent: { 'action.auto_create_index': true } }],
      ['GET', '/_nodes'],
      ['GET', '/_security/user'],
      ['PUT', '/books'],
      ['PUT', `/${books.index}x`],
    ] as const;
    for (const [method, path, body = method === 'GET' ? undefined : {}] of attempts) {
      expect([path, await books.request(method, path, body)]).toEqual([
        path,
        expect.objectContaining(refused),
      ]);
    }
    // Of all indices it finds those that it may see.
    expect(await books.request('GET', '/*/_search')).toMatchObject({
      body: { hits: { hits: [{ _index: `${books.index}.2` }] } },
    });
  });

  test('makes no index by writing to one that is not there', async () => {
    expect(await books.request('POST', `/${books.index}.absent/_doc`, {})).toMatchObject({
      status: 404,
    });
  });
});

test('a client needs a certificate of the platform, its password and its name', async () => {
  const authority = await sharedAuthority();
  const path = `/${books.index}/_search`;
  const other = new NodeClient({ ...books, passwordFile: authors.passwordFile }, authority);
  expect(await other.request('GET', path)).toMatchObject({ status: 401 });
  const nobody = new NodeClient({ ...books, username: 'elastic' }, authority);
  expect(await nobody.request('GET', path)).toMatchObject({ status: 401 });
  const bare = new NodeClient(books, authority, { withCertificate: false });
  // Which of the two depends on the version of Java.
  const alert = /alert (bad certificate|certificate required)/;
  await expect(bare.request('GET', path)).rejects.toThrow(alert);
  expect(await books.request('GET', path)).toMatchObject(done);
});
