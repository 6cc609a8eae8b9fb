import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LOG_LEVELS } from '@meridian/components/observability/boards/log-query.ts';
import {
  beyondBudget,
  logStreamsMax,
} from '@meridian/components/observability/telemetry-budget.ts';
import { wares } from '../../tools/shop/open-shop.ts';
import { MarkedPerson, offerWare } from '../end-to-end/marked-person.ts';
import { eventually, expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { CONFIRMED, last, Shopper } from '../end-to-end/shopper.ts';
import type { Order } from '../end-to-end/shopper.ts';
import { edgeTo } from '../end-to-end/shopping.ts';
import { textsIn } from '../end-to-end/stores/found.ts';
import { endPlatform, startPlatform } from './start-platform.ts';
import { PlatformStores } from '../end-to-end/telemetry/platform-stores.ts';
import type { StoredTrace } from '../end-to-end/telemetry/platform-stores.ts';

const minutes = 60_000;
const SERVICES = ['audit', 'catalog', 'gateway', 'identity', 'orders', 'payments', 'search'];
const REPLICAS = 3 * SERVICES.length;
const LEVELS: readonly string[] = LOG_LEVELS;
/** So many orders are placed while the collector, or a store, is away. */
const MEANWHILE = 5;

/** The whole platform with all that receives its telemetry, which is asked what it has seen. */
describe('a platform that is watched', () => {
  let platform: PlatformUnderTest;
  let stores: PlatformStores;
  let shopper: Shopper;
  let product: string;

  beforeAll(async () => {
    platform = await startPlatform(['-c', 'telemetry=true']);
    stores = new PlatformStores(platform);
    expectSuccess(
      await platform.run(['seed', '--products', '50', '--accounts', '1', '--orders', '1']),
    );
    shopper = await Shopper.register(platform, 'watched');
    await using edge = edgeTo(platform);
    product = (await wares(edge, 1))[0]?.productId ?? '';
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  const buy = async (): Promise<Order> => {
    const order = await shopper.order([{ productId: product, quantity: 1 }]);
    return last(await shopper.follow(order, CONFIRMED));
  };
  const process = async (zone: string, name: string) =>
    (await platform.agent(zone).status()).processes.find((found) => found.name === name);
  const kill = async (zone: string, name: string): Promise<void> => {
    const before = await process(zone, name);
    globalThis.process.kill(before?.pid ?? 0, 'SIGKILL');
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
    'has a purchase in traces from the gateway to audit',
    async () => {
      await buy();
      const traces = await eventually(
        () => stores.traces('audit', 200),
        (found) => found.some((trace) => linksOf(trace).length > 0),
        2 * minutes,
      );
      const origins = new Set(traces.flatMap(linksOf));
      const ordered = await stores.traces('orders', 200);
      const origin = ordered.find(
        (trace) => origins.has(trace.traceID) && servicesOf(trace).has('gateway'),
      );
      expect([...servicesOf(origin)]).toEqual(expect.arrayContaining(['gateway', 'orders']));
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
      expect(traced).toEqual([line]);
      expect(line).toMatchObject({ severity_text: 'info', zone: expect.stringMatching(/^[abc]$/) });
      expect(JSON.stringify(line)).not.toMatch(/planted|nonsense|message"/);
    },
    5 * minutes,
  );

  test(
    'has the last words of a process that was killed, and sees it again',
    async () => {
      await kill('b', 'catalog-b-0');
      await eventually(
        () => stores.lines('instance:="catalog-b-0" "ended with SIGKILL"'),
        (lines) => lines.length === 1,
        minutes,
      );
    },
    5 * minutes,
  );

  test.each(['collector', 'victorialogs', 'jaeger'])(
    'loses no line and no trace while %s is killed, and tells none twice',
    async (part) => {
      const before = await purchases();
      await Promise.all([kill('telemetry', part), buyAll()]);
      await eventually(purchases, (count) => count >= before + MEANWHILE, minutes);
      await eventually(
        async () => differences(linesInFiles(platform.state), await linesInStore()),
        (found) => found.length === 0,
        minutes,
      );
    },
    5 * minutes,
  );

  test(
    'keeps series, labels and streams of lines within their budget',
    async () => {
      const samples = await stores.query(`{job=~"${SERVICES.join('|')}"}`);
      expect(samples.length).toBeGreaterThan(REPLICAS * 100);
      expect(beyondBudget(samples.map((sample) => ({ ...sample, value: '' })))).toEqual([]);
      const streams = await stores.lines('* | stats by (service.name, severity_text) count() as n');
      const writers = new Set(streams.map((stream) => stream['service.name']));
      expect(streams.length).toBeLessThanOrEqual(logStreamsMax(writers.size));
      const levels = new Set(streams.map((stream) => stream['severity_text']));
      expect([...levels].filter((level) => !LEVELS.includes(level ?? ''))).toEqual([]);
    },
    5 * minutes,
  );

  test(
    'has nothing that somebody wrote, wherever they wrote it',
    async () => {
      const mark = `planted-${randomUUID().slice(0, 8)}`;
      const person = await MarkedPerson.register(platform, mark);
      const ware = await offerWare(platform, `ware-${randomUUID()}`);
      const before = await purchases();
      await Promise.all([person.buyAndCancel(ware), person.wander(ware)]);
      await person.lookAt(ware);
      // All of it has arrived: lines of every process, and the traces of what was bought.
      await eventually(purchases, (count) => count >= before + 2, minutes);
      await eventually(
        async () => differences(linesInFiles(platform.state), await linesInStore()),
        (found) => found.length === 0,
        minutes,
      );
      const lines = JSON.stringify(await stores.lines('*'));
      const series = JSON.stringify(await stores.query('{__name__=~".+"}'));
      const traces = JSON.stringify(
        await Promise.all(SERVICES.map((service) => stores.traces(service, 1_000))),
      );
      // What is there is found, so what is not found is not there.
      expect(textsIn(lines, [person.accountId, mark])).toEqual([person.accountId]);
      expect(textsIn(series, ['/v1/orders/{order_id}', mark])).toEqual(['/v1/orders/{order_id}']);
      expect(textsIn(traces, ['/v1/orders/{order_id}', mark])).toEqual(['/v1/orders/{order_id}']);
    },
    10 * minutes,
  );

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

  const linesInStore = async (): Promise<ReadonlyMap<string, number>> => {
    const counts = await stores.lines('* | stats by (instance) count() as lines');
    return new Map(counts.map(({ instance = '', lines }) => [instance, Number(lines)]));
  };
});

/** How many lines each process of the platform has written into the files of its agent. */
function linesInFiles(state: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const file of globSync(`${state}/zones/{a,b,c,edge}/logs/*.log{,.1}`)) {
    const instance = path.basename(file).replace(/\.log(\.1)?$/, '');
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    counts.set(instance, (counts.get(instance) ?? 0) + lines);
  }
  return counts;
}

/** The processes of which the store has another number of lines than were written. */
function differences(
  written: ReadonlyMap<string, number>,
  stored: ReadonlyMap<string, number>,
): readonly string[] {
  return [...written]
    .filter(([instance, lines]) => lines !== (stored.get(instance) ?? 0))
    .map(([instance, lines]) => `${instance}: ${lines} written, ${stored.get(instance) ?? 0} kept`);
}

function servicesOf(trace: StoredTrace | undefined): ReadonlySet<string> {
  return new Set(Object.values(trace?.processes ?? {}).map(({ serviceName }) => serviceName));
}

/** Traces that spans of this one point at, without being their children. */
function linksOf({ spans, traceID }: StoredTrace): readonly string[] {
  return spans
    .flatMap(({ references }) => references)
    .filter((reference) => reference.traceID !== traceID)
    .map((reference) => reference.traceID);
}
