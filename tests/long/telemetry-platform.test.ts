import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { CONFIRMED, last, Shopper } from '../end-to-end/shopper.ts';
import type { Order } from '../end-to-end/shopper.ts';
import { untilLinesAreKept } from '../end-to-end/telemetry/kept-lines.ts';
import type { PlatformStores } from '../end-to-end/telemetry/platform-stores.ts';
import type { StoredTrace } from '../end-to-end/telemetry/platform-stores.ts';
import { tellOfTelemetry } from '../end-to-end/telemetry/telemetry-story.ts';
import { endPlatform, startWatchedPlatform } from './start-platform.ts';

const minutes = 60_000;
const SERVICES = ['audit', 'catalog', 'gateway', 'identity', 'orders', 'payments', 'search'];
const REPLICAS = 3 * SERVICES.length;
/** So many orders are placed while the collector, or a store, is away. */
const MEANWHILE = 5;

/** The whole platform with all that receives its telemetry, which is asked what it has seen. */
describe('a platform that is watched', () => {
  let platform: PlatformUnderTest;
  let stores: PlatformStores;
  let shopper: Shopper;
  let product: string;

  beforeAll(async () => {
    ({ platform, stores, product } = await startWatchedPlatform());
    shopper = await Shopper.register(platform, 'watched');
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  const buy = async (): Promise<Order> => {
    const order = await shopper.order([{ productId: product, quantity: 1 }]);
    return last(await shopper.follow(order, CONFIRMED));
  };
  const process = async (zone: string, name: string) =>
    (await platform.agent(zone).status()).processes.find((found) => found.name === name);
  const end = async (zone: string, name: string, signal: NodeJS.Signals): Promise<void> => {
    const before = await process(zone, name);
    globalThis.process.kill(before?.pid ?? 0, signal);
    await eventually(
      () => process(zone, name),
      (now) => now?.state === 'ready' && now.pid !== before?.pid,
      2 * minutes,
    );
  };

  test(
    'is seen whole: every replica, and what watches it',
    async () => {
      const up = await eventually(
        () => stores.query(`up{job=~"${SERVICES.join('|')}"} == 1`),
        (samples) => samples.length === REPLICAS,
        2 * minutes,
      );
      expect(new Set(up.map(({ instance }) => instance)).size).toBe(REPLICAS);
      const others = 'envoy|prometheus|alertmanager|victorialogs|collector';
      await eventually(
        () => stores.query(`up{job=~"${others}"} == 1`),
        (samples) => samples.length === others.split('|').length,
        2 * minutes,
      );
    },
    5 * minutes,
  );

  test(
    'has a line by its trace, once, and nothing in it that no list allows',
    async () => {
      const answer = await platform.request('GET', '/v1/orders', {
        headers: { authorization: 'Bearer nonsense', planted: 'planted' },
      });
      expect(answer.status).toBe(401);
      const [line] = await eventually(
        () => stores.lines('service.name:="gateway" "a token was refused"'),
        (lines) => lines.length === 1,
        minutes,
      );
      const traced = await stores.lines(`trace_id:="${line?.['trace_id'] ?? ''}"`);
      const told = traced.map((each) => `${each['instance']} ${each['_time']} ${each['_msg']}`);
      expect(new Set(told).size).toBe(told.length);
      expect(traced).toContainEqual(line);
      expect(line).toMatchObject({ severity_text: 'info', zone: expect.stringMatching(/^[abc]$/) });
      expect(JSON.stringify(line)).not.toMatch(/planted|nonsense|message"/);
    },
    5 * minutes,
  );

  test(
    'has the last words of a process that was killed, and sees it again',
    async () => {
      await end('b', 'catalog-b-0', 'SIGKILL');
      await eventually(
        () => stores.lines('instance:="catalog-b-0" "ended with SIGKILL"'),
        (lines) => lines.length === 1,
        minutes,
      );
    },
    5 * minutes,
  );

  // VictoriaLogs keeps the lines of the last five seconds in memory: one that is killed loses them.
  test.each([
    ['collector', 'SIGKILL'],
    ['victorialogs', 'SIGTERM'],
    ['jaeger', 'SIGKILL'],
  ] as const)(
    'loses no line and no trace while %s is ended by %s, and tells none twice',
    async (part, signal) => {
      const before = await purchases();
      await Promise.all([end('telemetry', part, signal), buyAll()]);
      await eventually(purchases, (count) => count >= before + MEANWHILE, minutes);
      await untilLinesAreKept(platform.state, stores, minutes);
    },
    5 * minutes,
  );

  describe('tells somebody on call', () => {
    tellOfTelemetry(() => platform);
  });

  const buyAll = async (): Promise<void> => {
    for (let count = 0; count < MEANWHILE; count += 1) await buy();
  };

  /** How many traces Jaeger has that began at the gateway and placed an order. */
  const purchases = async (): Promise<number> => {
    const traces = await stores.traces('orders', 1_000);
    const placed = traces.filter(
      (trace) =>
        servicesOf(trace).has('gateway') &&
        trace.spans.some(({ operationName }) => /createorder|placeorder/i.test(operationName)),
    );
    return placed.length;
  };
});

function servicesOf(trace: StoredTrace | undefined): ReadonlySet<string> {
  return new Set(Object.values(trace?.processes ?? {}).map(({ serviceName }) => serviceName));
}
