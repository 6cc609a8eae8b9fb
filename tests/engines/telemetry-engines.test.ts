import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { until } from '@meridian/provider-local/agent/testing/test-zone.ts';
import * as configurations from './telemetry/configurations.ts';
import { check } from './telemetry/engine-process.ts';
import { EnginesWorld } from './telemetry/engines-world.ts';
import { KitService } from './telemetry/kit-service.ts';

jest.setTimeout(240_000);

/** What arrives is batched, sent, stored and made searchable, on two busy cores. */
const ARRIVES_MS = 60_000;

const EXPOSITION = `# TYPE orders_placed_total counter
orders_placed_total{currency="EUR"} 7
# TYPE request_duration_seconds histogram
request_duration_seconds_bucket{le="0.2"} 3
request_duration_seconds_bucket{le="1"} 4
request_duration_seconds_bucket{le="+Inf"} 5
request_duration_seconds_sum 4.5
request_duration_seconds_count 5
`;

let world: EnginesWorld;
let shop: KitService;

beforeAll(async () => {
  world = await EnginesWorld.start();
  const { address, ports } = world.places;
  shop = new KitService({
    otlpEndpoint: `http://${address}:${ports.otlp}`,
    logFile: world.file('logs/shop.log'),
  });
});

afterAll(() => world.stop());

const logged = (traceId: string) => world.lines(`trace_id:="${traceId}"`);
const arrives = (what: string, condition: () => Promise<boolean>) =>
  until(what, condition, ARRIVES_MS);

describe('traces and logs', () => {
  test('a span of the kit is found by its trace, and so are the lines that were written in it', async () => {
    const traceId = await shop.operation('Buy', 'out of stock');
    await arrives('the span', async () => (await world.spans(traceId)).length > 0);
    await arrives('the line', async () => (await logged(traceId)).length > 0);
    expect(await world.spans(traceId)).toEqual(['Buy']);
    expect(await logged(traceId)).toEqual([
      expect.objectContaining({
        ...{ _msg: 'out of stock', 'service.name': 'shop', zone: 'a', trace_id: traceId },
        severity_text: 'warn',
        _stream: '{service.name="shop",severity_text="warn"}',
      }),
    ]);
  });

  test('what no list allows in a line is in no store', async () => {
    const traceId = await shop.operation('Sign up', 'refused', { email: 'planted@example.com' });
    await arrives('the line', async () => (await logged(traceId)).length > 0);
    expect(JSON.stringify(await logged(traceId))).not.toMatch(/planted|email"/);
    expect(await world.lines('planted')).toEqual([]);
  });

  test('what was sent while a store was away arrives once, although the collector was killed too', async () => {
    const before = await shop.operation('Before', 'before');
    await arrives('the span', async () => (await world.spans(before)).length > 0);
    await arrives('the line', async () => (await logged(before)).length > 0);
    await world.engine('jaeger').stop();
    await world.engine('victorialogs').stop();
    const meanwhile: string[] = [];
    for (let call = 0; call < 20; call += 1) {
      meanwhile.push(await shop.operation(`Call ${call}`, `line ${call}`));
    }
    await arrives('the queue on disk', () => world.areQueued({ spans: 20, lines: 20 }));
    await world.engine('otelcol').kill();
    for (const engine of ['victorialogs', 'jaeger', 'otelcol'] as const) {
      await world.startEngine(engine);
    }
    for (const [call, traceId] of meanwhile.entries()) {
      await arrives(`span ${call}`, async () => (await world.spans(traceId)).length > 0);
      await arrives(`line ${call}`, async () => (await logged(traceId)).length > 0);
      expect(await world.spans(traceId)).toEqual([`Call ${call}`]);
      expect(await logged(traceId)).toMatchObject([{ _msg: `line ${call}` }]);
    }
    // Had the collector begun the file again, all that is in it would have come once more before this.
    const after = await shop.operation('After', 'after');
    await arrives('the line', async () => (await logged(after)).length > 0);
    expect(await world.spans(before)).toEqual(['Before']);
    for (const traceId of [before, ...meanwhile, after]) {
      expect(await logged(traceId)).toHaveLength(1);
    }
  });
});

describe('metrics and alerts', () => {
  const placed = () => world.query('orders_placed_total{job="services"}');

  test('what a replica serves is in Prometheus with its labels, and so is that it is up', async () => {
    await world.startReplica(EXPOSITION);
    await arrives('the metric', async () => (await placed()).length > 0);
    const labels = { job: 'services', service: 'shop', zone: 'a' };
    expect(await placed()).toMatchObject([{ ...labels, currency: 'EUR', value: '7' }]);
    expect(await world.query('up{job="services"}')).toMatchObject([{ ...labels, value: '1' }]);
    expect(await world.query('up{job=~"prometheus|otelcol"}')).toMatchObject([
      { value: '1' },
      { value: '1' },
    ]);
  });

  test('a bound that is a whole number has no decimals after the collector, but one after Prometheus', async () => {
    const boundsOf = async (job: string) => {
      const buckets = await world.query(`request_duration_seconds_bucket{job="${job}"}`);
      return buckets.map(({ le }) => le).toSorted();
    };
    await arrives('the same, scraped', async () => (await boundsOf('directly')).length > 0);
    expect(await boundsOf('services')).toEqual(['+Inf', '0.2', '1']);
    expect(await boundsOf('directly')).toEqual(['+Inf', '0.2', '1.0']);
  });

  test('a replica that goes is told to the pager once, its series end, and so does the alert', async () => {
    await world.stopReplica();
    await arrives('a page', () => Promise.resolve(world.notifications.length > 0));
    expect(world.notifications).toMatchObject([
      {
        status: 'firing',
        alerts: [
          {
            labels: { alertname: 'ReplicaAway', service: 'shop', severity: 'critical' },
            annotations: { summary: 'A replica of shop does not answer.' },
          },
        ],
      },
    ]);
    // Prometheus looks back five minutes for what nobody has declared stale.
    expect(await placed()).toEqual([]);
    await world.startReplica(EXPOSITION);
    await arrives('the end', () =>
      Promise.resolve(world.notifications.some(({ status }) => status === 'resolved')),
    );
    expect(world.notifications.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  });
});

test('nothing listens beyond loopback', () => {
  for (const engine of [
    'otelcol',
    'jaeger',
    'prometheus',
    'alertmanager',
    'victorialogs',
  ] as const) {
    const addresses = world.engine(engine).listens();
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.filter((address) => !address.startsWith('127.'))).toEqual([]);
  }
});

describe('the check of each program', () => {
  const file = (name: string, value: unknown): string => {
    writeFileSync(world.file(name), JSON.stringify(value));
    return world.file(name);
  };
  /** The rule file that Prometheus' configuration names is beside it. */
  const written = () => ({
    collector: configurations.collector(world.places),
    jaeger: configurations.jaeger(world.places),
    prometheus: configurations.prometheus(world.places),
    alertmanager: configurations.alertmanager(world.places),
  });

  const checks = {
    'otelcol validate': {
      run: (config: string) => check('otelcol', 'otelcol', ['validate', '--config', config]),
      good: () => written().collector,
      bad: () => ({ ...written().collector, receivers: { oltp: {} } }),
      says: /oltp/,
    },
    'jaeger validate': {
      run: (config: string) => check('jaeger', 'jaeger', ['validate', '--config', config]),
      good: () => written().jaeger,
      bad: () => ({ ...written().jaeger, exporters: {} }),
      says: /no exporter configuration/,
    },
    'promtool check config': {
      run: (config: string) => check('prometheus', 'promtool', ['check', 'config', config]),
      good: () => written().prometheus,
      bad: () => ({ ...written().prometheus, scrape_config: [] }),
      says: /scrape_config /,
    },
    'promtool check rules': {
      run: (config: string) => check('prometheus', 'promtool', ['check', 'rules', config]),
      good: () => configurations.rules,
      bad: () => ({ groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'up == = 0' }] }] }),
      says: /parse/,
    },
    'amtool check-config': {
      run: (config: string) => check('alertmanager', 'amtool', ['check-config', config]),
      good: () => written().alertmanager,
      bad: () => ({ ...written().alertmanager, route: { receiver: 'nobody' } }),
      says: /nobody/,
    },
  } as const;

  test.each(Object.entries(checks))('%s accepts the tried configuration', (_name, each) => {
    expect(each.run(file('good.json', each.good()))).toMatchObject({ accepted: true });
  });

  test.each(Object.entries(checks))('%s refuses a wrong one and says why', (_name, each) => {
    expect(each.run(file('bad.json', each.bad()))).toEqual({
      accepted: false,
      said: expect.stringMatching(each.says),
    });
  });
});
