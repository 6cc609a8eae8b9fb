import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { SearchGrant } from '@meridian/components/search/search-grants.ts';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import type { Issued } from '@meridian/kit/testing/authority.ts';
import { sharedAuthority, sharedIndex } from '../../tests/engines/shared-engines.ts';
import type { SharedIndex } from '../../tests/engines/shared-engines.ts';
import { carryOutAll } from './attempt.ts';
import type { Cell, Principal, Server } from './attempt.ts';
import { elasticsearchAttempts } from './elasticsearch-attempts.ts';

let shelf: SharedIndex;
let grants: readonly SearchGrant[];
let principals: readonly Principal[];

beforeAll(async () => {
  const authority = await sharedAuthority();
  const indices = await Promise.all([sharedIndex('shelf'), sharedIndex('door')]);
  [shelf] = indices;
  grants = indices.map(({ index, username }, position) => ({
    service: ['shelf', 'door'][position] ?? '',
    index,
    user: username,
    role: username,
    binding: username,
  }));
  passwords = new Map(
    indices.map(({ username, passwordFile }) => [
      username,
      readFileSync(passwordFile, 'utf8').trim(),
    ]),
  );
  const issued = await authority.issue({ commonName: 'shelf' });
  const stranger = await (await TestAuthority.create()).issue({ commonName: 'shelf' });
  principals = [
    { name: 'shelf (elasticsearch)', holder: 'shelf', tls: buffers(issued) },
    { name: 'seed', holder: 'seed', tls: buffers(await authority.issue({ commonName: '' })) },
    { name: 'stranger', tls: { ...buffers(stranger), ca: Buffer.from(issued.ca) } },
    { name: 'nobody', tls: { ca: Buffer.from(issued.ca) } },
  ];
}, 200_000);

let passwords: ReadonlyMap<string, string>;

function buffers({ ca, cert, key }: Issued): Required<Principal['tls']> {
  return { ca: Buffer.from(ca), cert: Buffer.from(cert), key: Buffer.from(key) };
}

const matrix = (held = grants, server: Server = shelf): Promise<readonly Cell[]> =>
  carryOutAll(
    elasticsearchAttempts(held, principals, passwords, { host: server.host, port: server.port }),
  );

describe('what is tried at Elasticsearch', () => {
  test('ends as declared on a node that is configured as the platform has it', async () => {
    const cells = await matrix();
    expect(cells.filter(({ asDeclared }) => !asDeclared)).toEqual([]);
    const admitted = cells.filter(({ verdict }) => verdict === 'admitted');
    expect([...new Set(admitted.map(({ caller }) => caller))]).toEqual(['shelf (elasticsearch)']);
    expect([...new Set(admitted.map(({ object }) => object))]).toEqual([`index ${shelf.index}`]);
    const nobody = cells.filter(({ caller }) => caller === 'nobody');
    expect(nobody.map(({ action }) => action)).toContain('log in with its password');
    expect(await shelf.request('GET', `/${shelf.index}.*`)).toMatchObject({ body: {} });
  });

  test('shows a service that may see an index which the graph does not give it', async () => {
    const [first, ...others] = grants as [SearchGrant, ...SearchGrant[]];
    const cells = await matrix([{ ...first, index: 'another' }, ...others]);
    const wrong = cells.filter(({ asDeclared }) => !asDeclared);
    expect(new Set(wrong.map(({ object }) => object))).toEqual(new Set(['index another']));
  });

  test('is unclear about a node that is away', async () => {
    const cells = await matrix(grants, { host: '127.0.0.1', port: 1 });
    expect(new Set(cells.map(({ verdict }) => verdict))).toEqual(new Set(['unclear']));
  });
});
