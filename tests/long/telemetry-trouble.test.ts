import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLoop } from '../../tools/bench/load/open-loop.ts';
import { eventually, expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { untilLinesAreKept } from '../end-to-end/telemetry/kept-lines.ts';
import type { PlatformStores } from '../end-to-end/telemetry/platform-stores.ts';
import { endPlatform, startWatchedPlatform } from './start-platform.ts';

const minutes = 60_000;
const RATE_PER_SECOND = 200;
const AWAY_SECONDS = 60;
const STORES = ['jaeger', 'victorialogs'] as const;
/** What the collector keeps for a store in the trial of what it cannot keep. */
const SMALL_QUEUE = 500;
const LOST = 'otel_sdk_exporter_span_exported_total{error_type=~"queue_full|refused|unreachable"}';

/** The whole platform with all that receives its telemetry, to which things happen. */
describe('a platform whose telemetry has trouble', () => {
  let platform: PlatformUnderTest;
  let stores: PlatformStores;
  let product: string;

  beforeAll(async () => {
    ({ platform, stores, product } = await startWatchedPlatform());
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  const agent = () => platform.agent('telemetry');
  const signal = async (name: string, what: NodeJS.Signals): Promise<void> => {
    process.kill((await agent().getProcess(name))?.pid ?? 0, what);
  };
  const read = (seconds: number) =>
    openLoop({
      ...{ origin: `https://localhost:${platform.edgePort}`, path: `/v1/products/${product}` },
      ca: readFileSync(path.join(platform.state, 'pki/root.crt'), 'utf8'),
      ...{ ratePerSecond: RATE_PER_SECOND, seconds, connections: 16 },
    });
  /** The sum of a metric of the collector, or of services, by Prometheus' newest scrape. */
  const total = async (metric: string): Promise<number> => {
    const [sample] = await stores.query(`sum(${metric})`);
    return Number(sample?.value ?? 0);
  };
  const untilAllIsKept = async (): Promise<void> => {
    await untilLinesAreKept(platform.state, stores, 4 * minutes);
    await eventually(
      () => total('otelcol_exporter_queue_size{exporter=~"otlp_grpc/traces|otlp_http/logs"}'),
      // Of the last second there is always something.
      (waiting) => waiting < SMALL_QUEUE,
      2 * minutes,
    );
  };

  test(
    `loses nothing of ${RATE_PER_SECOND} requests a second while the stores of traces and logs are away for ${AWAY_SECONDS} s`,
    async () => {
      await untilAllIsKept();
      const before = await total('otelcol_exporter_sent_spans');
      const lost = await total(LOST);
      for (const store of STORES) await signal(store, 'SIGSTOP');
      const { answered, sent } = await read(AWAY_SECONDS);
      for (const store of STORES) await signal(store, 'SIGCONT');
      expect(answered).toBe(sent);
      await untilAllIsKept();
      // The gateway's span and the one of the call that it made, of each read.
      await eventually(
        () => total('otelcol_exporter_sent_spans'),
        (now) => now - before >= 2 * answered,
        2 * minutes,
      );
      expect(await total(LOST)).toBe(lost);
      expect(await total('otelcol_exporter_send_failed_spans')).toBe(0);
      expect(await total('otelcol_exporter_enqueue_failed_spans')).toBe(0);
    },
    10 * minutes,
  );

  test(
    'drops the newest spans once all room is taken, keeps lines in their files, writes tickets, and delays no request',
    async () => {
      await untilAllIsKept();
      const spec = await agent().spec('collector');
      const text = spec.files['collector.json'] ?? '';
      const small = text.replace(/("queue_size":\s*)\d+/g, `$1${SMALL_QUEUE}`);
      expect(small).not.toBe(text);
      await agent().putProcess({ ...spec, files: { ...spec.files, 'collector.json': small } });
      await agent().waitUntilReady('collector', minutes);
      for (const store of STORES) await signal(store, 'SIGSTOP');
      const { answered, sent } = await read(AWAY_SECONDS);
      expect(answered).toBe(sent);
      await eventually(
        () => total(LOST),
        (count) => count > 0,
        2 * minutes,
      );
      await eventually(
        () => stores.query('ALERTS{alertname="SpansLost",service="gateway",alertstate="firing"}'),
        (firing) => firing.length === 1,
        4 * minutes,
      );
      await eventually(
        () => stores.query('ALERTS{alertname="TelemetryBacklog",alertstate="firing"}'),
        (firing) => firing.length === 1,
        4 * minutes,
      );
      for (const store of STORES) await signal(store, 'SIGCONT');
      // Before the collector is started again: what it has read and could not put down it would lose.
      await untilAllIsKept();
      await agent().putProcess(spec);
      await agent().waitUntilReady('collector', minutes);
      await untilAllIsKept();
    },
    12 * minutes,
  );

  test(
    'keeps a line that is odd as far as it is a line: not whole, of other bytes, too long, of yesterday',
    async () => {
      const file = path.join(platform.state, 'zones/a/logs/catalog-a-0.log');
      const line = (message: string, more: object = {}): string =>
        `${JSON.stringify({ time: new Date().toISOString(), level: 'warn', service: 'catalog', message, ...more })}\n`;
      const yesterday = new Date(Date.now() - 24 * 60 * minutes).toISOString();
      appendFileSync(file, line('odd: two\nlines'));
      appendFileSync(file, line('odd: late', { time: yesterday }));
      appendFileSync(file, line('odd: long', { err: 'x'.repeat(100_000) }));
      appendFileSync(file, '{"level":"warn","message":"odd: torn\n');
      appendFileSync(file, Buffer.from('odd: bytes \xff\xfe of another encoding\n', 'latin1'));
      appendFileSync(file, line('odd: end'));
      const found = await eventually(
        () => stores.lines('instance:="catalog-a-0" "odd"'),
        (lines) => lines.some(({ _msg }) => _msg === 'odd: end'),
        minutes,
      );
      const messages = found.map(({ _msg }) => _msg);
      expect(messages).toEqual(
        expect.arrayContaining(['odd: two\nlines', 'odd: late', 'odd: long']),
      );
      expect(
        messages.filter((message) => /bytes .* of another encoding/.test(message ?? '')),
      ).toHaveLength(1);
      // Of one that is torn nobody can tell what is in it.
      expect(messages).not.toContainEqual(expect.stringContaining('torn'));
      const late = found.find(({ _msg }) => _msg === 'odd: late');
      expect(late?.['_time']).toMatch(new RegExp(`^${yesterday.slice(0, 19)}`));
      await untilAllIsKept();
    },
    5 * minutes,
  );

  test(
    'renews the certificates of telemetry, and goes on without a process less or a gap',
    async () => {
      const pids = async () =>
        (await agent().status()).processes.map(({ name, pid }) => [name, pid]);
      const before = await pids();
      for (let round = 1; round <= 3; round += 1) {
        const rotated = await platform.run(['rotate', '--json']);
        expectSuccess(rotated);
        expect(JSON.parse(rotated.stdout)).toMatchObject({ problems: [] });
        const spans = await total('otelcol_exporter_sent_spans');
        await read(5);
        await eventually(
          () => total('otelcol_exporter_sent_spans'),
          (now) => now > spans,
          minutes,
        );
        await untilAllIsKept();
      }
      expect(await pids()).toEqual(before);
      // Two scrapes under the newest certificates.
      await delay(35_000);
      expect(await stores.query('min_over_time(up{job!="envoy"}[30s]) == 0')).toEqual([]);
    },
    10 * minutes,
  );
});
