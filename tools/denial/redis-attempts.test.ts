import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RedisGrant } from '@meridian/components/redis/redis-grants.ts';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import type { Issued } from '@meridian/kit/testing/authority.ts';
import { startRedis } from '../../tests/engines/redis.ts';
import type { ThrowAwayRedis } from '../../tests/engines/redis.ts';
import { carryOutAll } from './attempt.ts';
import type { Cell, Principal } from './attempt.ts';
import { redisAttempts } from './redis-attempts.ts';

const USERS = ['shelf', 'door'];
const PASSWORDS = new Map(USERS.map((user) => [user, `password-of-${user}`]));
const GRANTS = USERS.map((user): RedisGrant => ({
  store: user,
  service: user,
  user,
  keyPrefix: `${user}:`,
  binding: `${user}-redis`,
}));
/** Extended key usages of an engine's own certificate: id-kp-serverAuth (RFC 5280). */
const SERVER_ONLY = ['1.3.6.1.5.5.7.3.1'];

let redis: ThrowAwayRedis;
let principals: readonly Principal[];

beforeAll(async () => {
  const authority = await TestAuthority.create();
  redis = await startRedis(authority);
  for (const user of USERS) await redis.createUser(user, `${user}:`);
  const issued = await authority.issue({ commonName: 'shelf' });
  const stranger = await (await TestAuthority.create()).issue({ commonName: 'shelf' });
  principals = [
    { name: 'shelf (redis)', holder: 'shelf', commonName: 'shelf', tls: buffers(issued) },
    { name: 'door', holder: 'door', tls: buffers(await authority.issue({ commonName: '' })) },
    { name: 'seed', holder: 'seed', tls: buffers(await authority.issue({ commonName: '' })) },
    { name: 'server', tls: buffers(await authority.issue({ usages: SERVER_ONLY })) },
    { name: 'stranger', tls: { ...buffers(stranger), ca: Buffer.from(issued.ca) } },
    { name: 'nobody', tls: { ca: Buffer.from(issued.ca) } },
  ];
}, 120_000);
afterAll(() => redis.stop());

function buffers({ ca, cert, key }: Issued): Required<Principal['tls']> {
  return { ca: Buffer.from(ca), cert: Buffer.from(cert), key: Buffer.from(key) };
}

const matrix = (): Promise<readonly Cell[]> =>
  carryOutAll(redisAttempts(GRANTS, principals, PASSWORDS, { host: redis.host, port: redis.port }));

const wrong = (cells: readonly Cell[]): readonly Cell[] =>
  cells.filter(({ asDeclared }) => !asDeclared);

describe('what is tried at Redis', () => {
  test('ends as declared on a server that is configured as the platform has it', async () => {
    const cells = await matrix();
    expect(wrong(cells)).toEqual([]);
    const admitted = cells.filter(({ verdict }) => verdict === 'admitted');
    expect([...new Set(admitted.map(({ caller }) => caller))]).toEqual(['shelf (redis)', 'door']);
    const details = cells.map(({ detail }) => detail.split(' ', 1)[0]);
    for (const word of ['NOAUTH', 'WRONGPASS', 'NOPERM']) expect(details).toContain(word);
    const nobody = cells.filter(({ caller }) => caller === 'nobody');
    expect(nobody.map(({ action }) => action)).toContain('log in with its password');
  }, 60_000);

  test('leaves nothing behind', async () => {
    await matrix();
    // An expired key is counted until it is looked for.
    for (const user of USERS) await redis.admin('GET', `${user}:denial-probe`);
    expect(await redis.admin('DBSIZE')).toBe('0');
  }, 60_000);

  test.each([
    ['a user may see the keys of another', ['~door:*'], 'keys door:*'],
    ['a user may see what the server knows', ['+config|get'], 'server'],
    ['a user may end the server', ['+shutdown'], 'server'],
  ])(
    'shows that %s',
    async (_what, rules, object) => {
      await redis.admin('ACL', 'SETUSER', 'shelf', ...rules);
      try {
        const found = wrong(await matrix());
        expect([...new Set(found.map((cell) => `${cell.caller} ${cell.object}`))]).toEqual([
          `shelf (redis) ${object}`,
        ]);
      } finally {
        await redis.createUser('shelf', 'shelf:');
      }
    },
    60_000,
  );

  test('shows that the server lets in a client without a password', async () => {
    await redis.admin('ACL', 'SETUSER', 'default', 'on', 'nopass', '+ping');
    try {
      const found = wrong(await matrix());
      expect(found.map(({ action }) => action)).toContain('PING without a user');
      expect(found.every(({ verdict }) => verdict === 'admitted')).toBe(true);
    } finally {
      await redis.admin('ACL', 'SETUSER', 'default', 'reset', 'off', 'resetchannels', '-@all');
    }
  }, 60_000);

  test('is unclear about a server that is away', async () => {
    await redis.kill();
    const verdicts = (await matrix()).map(({ verdict }) => verdict);
    expect([...new Set(verdicts)]).toEqual(['unclear']);
  }, 60_000);
});
