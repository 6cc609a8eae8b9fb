import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { Pool } from 'pg';
import { FREE_ATTEMPTS, LONGEST_DELAY_SECONDS, SignInAttempts } from './sign-in-attempts.ts';

let world: DatabaseWorld;
let database: Database;
let pool: Pool;
let attempts: SignInAttempts;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('identity', 'services/identity/migrations');
  ({ database } = await world.open('identity'));
  attempts = new SignInAttempts(database);
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await pool.query('DELETE FROM sign_in_attempts');
});

describe('attempts to sign in', () => {
  const address = Buffer.alloc(32, 1);

  /** Moves the clock of an address forward. */
  const pass = (seconds: number) =>
    pool.query(
      `UPDATE sign_in_attempts SET blocked_until = blocked_until - make_interval(secs => $1),
                                   last_attempt_time = last_attempt_time - make_interval(secs => $1)`,
      [seconds],
    );

  /** As after so many failures, with the wait for the last of them over. */
  const failed = (failures: number) =>
    pool.query(
      `INSERT INTO sign_in_attempts VALUES ($1, $2, now(), now())
       ON CONFLICT (email_sha256) DO UPDATE SET failures = $2, blocked_until = now()`,
      [address, failures],
    );

  test('are free a few times, and then wait twice as long each time, up to a limit', async () => {
    const delays: number[] = [];
    for (let count = 0; count < FREE_ATTEMPTS + 14; count++) {
      expect(await attempts.begin(address)).toBe(0);
      const { rows } = await pool.query<{ seconds: number }>(
        `SELECT extract(epoch FROM blocked_until - last_attempt_time)::integer AS seconds
         FROM sign_in_attempts`,
      );
      delays.push(rows[0]?.seconds ?? -1);
      await pass(1_000);
    }
    expect(delays).toEqual([
      ...[0, 0, 0, 0, 0],
      ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      ...[900, 900, 900, 900],
    ]);
  });

  test('of one address that is blocked say how long, and block no other', async () => {
    await failed(100);
    expect(await attempts.begin(address)).toBe(0);
    const seconds = await attempts.begin(address);
    expect(seconds).toBeGreaterThan(LONGEST_DELAY_SECONDS - 60);
    expect(seconds).toBeLessThanOrEqual(LONGEST_DELAY_SECONDS);
    expect(await attempts.begin(Buffer.alloc(32, 2))).toBe(0);
  });

  test('that are free are not refused for one that began later and was quicker', async () => {
    await database.transaction(async (slow) => {
      await slow.query({ name: 'now', text: 'SELECT now()' });
      expect(await attempts.begin(address)).toBe(0);
      expect(await new SignInAttempts(slow).begin(address)).toBe(0);
    });
  });

  test('made all at once are let through no more often than one after the other', async () => {
    await failed(100);
    const begun = await Promise.all(Array.from({ length: 40 }, () => attempts.begin(address)));
    expect(begun.filter((delay) => delay === 0)).toHaveLength(1);
  });

  test('are forgotten after a success, and after a day', async () => {
    await failed(100);
    await attempts.begin(address);
    await attempts.forget(address);
    expect(await attempts.begin(address)).toBe(0);
    await failed(100);
    await attempts.begin(address);
    await pass(86_401);
    expect(await attempts.begin(address)).toBe(0);
    expect(await attempts.begin(address)).toBe(0);
    await attempts.removeOld();
    expect((await pool.query('SELECT FROM sign_in_attempts')).rowCount).toBe(1);
    await pass(86_401);
    await attempts.removeOld();
    expect((await pool.query('SELECT FROM sign_in_attempts')).rowCount).toBe(0);
  });
});
