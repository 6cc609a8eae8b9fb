import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import { withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import type pg from 'pg';
import { Pool } from 'undici';
import { durationsOf, timed } from '../../tools/bench/durations.ts';
import { atPace } from '../../tools/bench/load/open-loop.ts';
import { measuredRead } from '../../tools/bench/product.ts';
import type { MeasuredRead } from '../../tools/bench/product.ts';
import { zoneStatuses } from '../../tools/meridian/zones.ts';
import { expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { startPlatform } from './start-platform.ts';

/*
 * Part of `npm run bench:audit`: how long a read of the catalogue takes through the edge of a whole platform while the
 * audit log seals 100,000 entries, beside the same read without, in turns of one run; then how many entries a second
 * `meridian audit verify` holds against the heads. It prints Markdown for docs/performance.md.
 */

const minutes = 60_000;
const ENTRIES = 100_000;
const ROUNDS = 5;
const READS_PER_SECOND = 50;
/** Short, so that few reads are counted as of a sealing that is over. */
const SLICE_SECONDS = 0.2;
const QUIET_SLICES = 25;
/** The promise: while entries are sealed, the 95th percentile is at most so many times what it is without. */
const RATIO_MAX = 2;

let platform: PlatformUnderTest;

beforeAll(async () => {
  platform = await startPlatform();
  expectSuccess(
    await platform.run(['seed', '--products', '500', '--accounts', '4', '--orders', '20']),
  );
}, 15 * minutes);

afterAll(async () => {
  // Its books hold entries that no service told of.
  await platform.run(['destroy', '--yes']);
  await platform.dispose();
}, 5 * minutes);

/** Reads at a pace until told to end; gives how long each read took. */
async function reads(
  { origin, path, ca }: MeasuredRead,
  goesOn: (slices: number) => boolean | Promise<boolean>,
): Promise<readonly number[]> {
  const pool = new Pool(origin, { connections: 8, pipelining: 1, connect: { ca } });
  const took: number[] = [];
  try {
    for (let slices = 0; await goesOn(slices); slices += 1) {
      const pace = { ratePerSecond: READS_PER_SECOND, seconds: SLICE_SECONDS };
      const { failures } = await atPace(pace, async (signal) => {
        let status = 0;
        const ms = await timed(async () => {
          const { statusCode, body } = await pool.request({ method: 'GET', path, signal });
          status = statusCode;
          await body.dump();
        });
        took.push(ms);
        return status === 200 ? undefined : String(status);
      });
      expect(failures).toEqual({});
    }
  } finally {
    await pool.destroy();
  }
  return took;
}

/** Events of nobody, of the size of an order's, which wait in the queue once this is committed. */
const WAITING = `
  WITH added AS (
    INSERT INTO events (source, id, kind, type, subject, event_time, correlation_id, data)
    SELECT 'spiffe://meridian.local/ns/meridian/sa/bench', $1 || '-' || number, 'event', 'meridian.bench.v1.Measured',
           'o-' || number % 10000, now(), 'o-' || number % 10000, decode(repeat(md5($1 || number), 25), 'hex')
    FROM generate_series(1, $2::integer) AS number RETURNING source, id
  )
  INSERT INTO pending (source, id) SELECT source, id FROM added`;

const UNPUBLISHED = `
  SELECT EXISTS (SELECT FROM pending) OR size > (SELECT max(size) FROM checkpoints WHERE log = log_head.log) AS left
  FROM log_head`;

/** Runs work as the superuser of audit's database. */
async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { folders } = platform;
  const [server] = (await zoneStatuses(folders)).flatMap(({ zone, status }) =>
    (status?.processes ?? [])
      .filter(({ name }) => name === 'postgres')
      .map(({ name, listens }) => ({ zone, process: name, port: listens[0]?.port ?? 0 })),
  );
  if (server === undefined) throw new Error('the platform has no PostgreSQL that runs');
  return withAdmin({ folders, server, database: 'audit' }, work);
}

test(
  'reads of the catalogue take at most twice as long while 100,000 entries are sealed',
  async () => {
    const { folders } = platform;
    const measured = await measuredRead(folders, await zoneStatuses(folders));
    const quiet: number[] = [];
    const sealing: number[] = [];
    let sealedMs = 0;
    await asSuperuser(async (client) => {
      // The first reads wait for code and connections.
      await reads(measured, (slices) => slices < QUIET_SLICES);
      for (let round = 1; round <= ROUNDS; round += 1) {
        // The same pages are dirty in both halves of a round: only the sealing differs.
        await client.query('BEGIN');
        await client.query(WAITING, [`round-${round}`, ENTRIES]);
        quiet.push(...(await reads(measured, (slices) => slices < QUIET_SLICES)));
        await client.query('COMMIT');
        sealedMs += await timed(async () => {
          sealing.push(
            ...(await reads(measured, async () => {
              const { rows } = await client.query<{ left: boolean }>(UNPUBLISHED);
              return rows[0]?.left === true;
            })),
          );
        });
      }
    });
    const [without, during] = [durationsOf(quiet), durationsOf(sealing)];
    const ratio = during.p95 / without.p95;
    const verified = JSON.parse((await platform.run(['audit', 'verify', '--json'])).stdout) as {
      readonly entries: number;
      readonly seconds: number;
      readonly findingCount: number;
    };
    const row = (name: string, { length }: readonly number[], { p50, p95 }: typeof during) => [
      ...[name, String(length), p50.toFixed(1), p95.toFixed(1)],
    ];
    const rows = [
      row('without', quiet, without),
      row('while entries are sealed', sealing, during),
      ['ratio', '', (during.p50 / without.p50).toFixed(2), ratio.toFixed(2)],
    ];
    const { entries, seconds } = verified;
    process.stdout.write(
      [
        '',
        markdownTable(['reads of a product', 'reads', 'p50 ms', 'p95 ms'], rows, [0]),
        '',
        `Sealed meanwhile: ${((ENTRIES * ROUNDS * 1e3) / sealedMs).toFixed(0)} entries a second.`,
        `\`audit verify\`: ${entries} entries in ${seconds.toFixed(1)} s, ${(entries / seconds).toFixed(0)} a second.`,
        '',
      ].join('\n'),
    );
    expect(verified.findingCount).toBe(0);
    expect(entries).toBeGreaterThan(ENTRIES * ROUNDS);
    expect(ratio).toBeLessThanOrEqual(RATIO_MAX);
  },
  15 * minutes,
);
