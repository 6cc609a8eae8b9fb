import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import {
  beyondBudget,
  logStreamsMax,
} from '@meridian/components/observability/telemetry-budget.ts';
import { CLOUD_METRICS } from '@meridian/language/cloud-metrics.ts';
import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import { LOG_LEVELS } from '@meridian/language/log-fields.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { platform as declared } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import type { AlertsView } from '../../../tools/console/views/alert-sight.ts';
import type { PlatformView } from '../../../tools/console/views/platform-view.ts';
import type { PurchaseView } from '../../../tools/console/views/purchase-view.ts';
import { FAULTS } from '../../../tools/drill/faults.ts';
import type { Output } from '../../../tools/meridian/output/schemas.ts';
import { consoleAddress } from '../../../tools/meridian/telemetry/console-address.ts';
import { zoneStatuses } from '../../../tools/meridian/zones.ts';
import { MarkedPerson, offerWare } from '../marked-person.ts';
import { eventually, expectSuccess } from '../platform-under-test.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import type { Order } from '../shopper.ts';
import { textsIn } from '../stores/found.ts';
import { MINUTES } from '../story.ts';
import { ConsoleClient } from './console-client.ts';
import { attributeNames, metricNames, unknownFields } from './emitted-names.ts';
import { PlatformStores } from './platform-stores.ts';
import type { Sample, StoredTrace } from './platform-stores.ts';
import { toldOf } from './told-pager.ts';

const SERVICES = landed(declared(localSettings({}))).services.map(({ name }) => name);
const ROUTE = '/v1/orders/{order_id}';
const LEVELS: readonly string[] = LOG_LEVELS;
/** By the name of the story's person: in everything that they write, and nowhere else. */
const MARK = `planted-${randomUUID().slice(0, 8)}`;
/** Of one service, within the story. */
const TRACES_MAX = 1_000;

/** What operators say of engines in a cluster. */
const OF_OPERATORS = [
  ENGINE_METRICS.archiveFirstRestorePoint,
  ENGINE_METRICS.archiveLastCopy,
  ENGINE_METRICS.instanceLog,
  ENGINE_METRICS.instanceDatabaseSize,
  ENGINE_METRICS.issuedCertificateExpiry,
  ENGINE_METRICS.issuedCertificateRenewal,
  ENGINE_METRICS.kafkaAuthorityExpiry,
];

/** What nothing has to emit in the course of the stories, and why. */
const NOT_EMITTED: Readonly<Record<string, string>> = {
  postgres_replication_lag_seconds: 'there is one server here',
  postgres_archive_waiting_age_seconds:
    'it archives nothing here, unless the setting postgresArchive says so',
  served_certificate_not_after_seconds:
    'of engines in a cluster, whose operators make their certificates',
  rpc_client_retries_total: 'only of a call that was tried again',
  background_failures_total: 'only of work that failed',
  ...Object.fromEntries(
    Object.values(CLOUD_METRICS).map(({ name }) => [name, 'only where a cloud manages engines']),
  ),
  ...Object.fromEntries(OF_OPERATORS.map(({ name }) => [name, 'only where operators are'])),
};

/** What the tests share. */
interface Scene {
  readonly beganMs: number;
  readonly order: Order;
  /** The trace in which the order was placed. */
  purchaseId: string;
}

/**
 * What has watched a platform tells of it: declares tests that find it whole, with traces of what happened on it, and
 * leave it so.
 */
export function tellOfTelemetry(platformOf: () => PlatformUnderTest): void {
  let scene: Scene;
  beforeAll(async () => {
    scene = await writeEverywhere(platformOf());
  }, 2 * MINUTES);
  tellOfTraces(platformOf, () => scene);
  tellOfNames(
    () => new PlatformStores(platformOf()),
    () => scene,
  );
  tellOfConsole(platformOf, () => scene.purchaseId);
  tellOfPager(platformOf);
}

/** Somebody writes a marker into everything that takes anything from them, and all of it has arrived in the stores. */
async function writeEverywhere(platform: PlatformUnderTest): Promise<Scene> {
  const beganMs = Date.now();
  const [person, ware] = await Promise.all([
    MarkedPerson.register(platform, MARK),
    offerWare(platform, `ware-${randomUUID()}`),
  ]);
  const [order] = await Promise.all([person.buyAndCancel(ware), person.wander(ware)]);
  await person.lookAt(ware);
  return { beganMs, order, purchaseId: '' };
}

function tellOfTraces(platformOf: () => PlatformUnderTest, scene: () => Scene): void {
  const json = async <Name extends 'trace' | 'conformance'>(
    name: Name,
    ...args: readonly string[]
  ): Promise<Output<Name>> => {
    const told = await platformOf().run([name, ...args, '--json']);
    expectSuccess(told);
    return JSON.parse(told.stdout) as Output<Name>;
  };

  test(
    `sees a purchase from the gateway to audit, with its lines`,
    async () => {
      const { orderId } = scene().order;
      const parts = ['gateway', 'orders', 'catalog', 'payments', 'audit'];
      const asked = () => platformOf().run(['trace', orderId, '--json']);
      const { stdout } = await eventually(
        asked,
        ({ code, stdout: told }) => code === 0 && parts.every((name) => servicesIn(told).has(name)),
      );
      const { traces } = JSON.parse(stdout) as Output<'trace'>;
      const first = traces.find(({ spans }) =>
        spans.some(({ name }) => name === 'POST /v1/orders'),
      );
      scene().purchaseId = first?.traceId ?? '';
      expect(traces.flatMap(({ lines }) => lines).length).toBeGreaterThan(0);
    },
    MINUTES,
  );

  test(
    `sees nothing that is not declared, in all that has happened`,
    async () => {
      const { edges, undeclared, traces } = await json('conformance', '--since', '1h');
      const never = edges.filter(({ state }) => state === 'declared and never seen');
      process.stderr.write(
        `conformance: ${traces} traces, ${edges.length} edges; never seen: ${never.map(({ from, via }) => `${from} ${via}`).join(', ')}\n`,
      );
      expect(undeclared).toBe(0);
    },
    MINUTES,
  );
}

/** Services of the spans that `trace --json` tells. */
function servicesIn(told: string): ReadonlySet<string> {
  const { traces } = JSON.parse(told) as Output<'trace'>;
  return new Set(traces.flatMap(({ spans }) => spans.map(({ service }) => service)));
}

function tellOfNames(storesOf: () => PlatformStores, scene: () => Scene): void {
  let samples: readonly Sample[];
  let traces: readonly StoredTrace[];

  test(
    `keeps series, labels and streams of lines within their budget`,
    async () => {
      const stores = storesOf();
      const asked = Date.now() / 1_000;
      await eventually(
        () => stores.query(`timestamp(up{job=~"${SERVICES.join('|')}"})`),
        (scrapes) => scrapes.every(({ value }) => Number(value) > asked),
      );
      // As far back as a series is kept that ended meanwhile.
      samples = await stores.query('last_over_time({job!=""}[1h])');
      const own = samples.filter(({ job = '' }) => SERVICES.includes(job));
      expect(new Set(own.map(({ job }) => job))).toEqual(new Set(SERVICES));
      expect(beyondBudget(own.map((sample) => ({ ...sample, value: '' })))).toEqual([]);
      const streams = await stores.lines('* | stats by (service.name, severity_text) count() as n');
      const writers = new Set(streams.map((stream) => stream['service.name']));
      expect(streams.length).toBeLessThanOrEqual(logStreamsMax(writers.size));
      const levels = new Set(streams.map((stream) => stream['severity_text']));
      expect([...levels].filter((level) => !LEVELS.includes(level ?? ''))).toEqual([]);
    },
    MINUTES,
  );

  test(
    `knows every name, and misses none of those that alerts may read`,
    async () => {
      const stores = storesOf();
      const { beganMs } = scene();
      traces = await allTraces(stores, beganMs);
      const [metrics, attributes] = [metricNames(samples, SERVICES), attributeNames(traces)];
      const fields = unknownFields(await stores.lineFields());
      expect({
        metrics: metrics.unknown,
        attributes: attributes.unknown,
        fields,
      }).toEqual({ metrics: [], attributes: [], fields: [] });
      const never = [...metrics.neverEmitted, ...attributes.neverEmitted];
      expect(never.filter((name) => NOT_EMITTED[name] === undefined)).toEqual([]);
    },
    MINUTES,
  );

  test(
    `finds nothing that somebody wrote, wherever they wrote it`,
    async () => {
      const { beganMs, order } = scene();
      const stores = storesOf();
      const seconds = Math.ceil((Date.now() - beganMs) / 1_000);
      // What is there is found, so what is not found is not there.
      const lines = await eventually(
        async () => JSON.stringify(await stores.lines(`_time:${seconds}s`)),
        (told) => told.includes(order.orderId),
        MINUTES / 2,
      );
      expect(textsIn(lines, [MARK])).toEqual([]);
      expect(textsIn(JSON.stringify(samples), [ROUTE, MARK])).toEqual([ROUTE]);
      expect(textsIn(JSON.stringify(traces), [ROUTE, MARK])).toEqual([ROUTE]);
    },
    MINUTES,
  );
}

async function allTraces(stores: PlatformStores, fromMs: number): Promise<readonly StoredTrace[]> {
  const found = await Promise.all(
    SERVICES.map((service) => stores.traces(service, TRACES_MAX, fromMs)),
  );
  expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(TRACES_MAX);
  return found.flat();
}

function tellOfConsole(platformOf: () => PlatformUnderTest, purchaseId: () => string): void {
  test(
    `is answered by the console, who has the token and asks from its own page`,
    async () => {
      const { folders } = platformOf();
      const address = await consoleAddress(folders, await zoneStatuses(folders));
      const console = new ConsoleClient(address ?? '');
      expect((await console.get('/api/platform')).status).toBe(401);
      expect((await console.signIn('nonsense')).status).toBe(401);
      expect((await console.signIn()).status).toBe(204);
      expect((await console.get('/api/platform', { host: 'elsewhere' })).status).toBe(421);
      const origin = 'http://elsewhere.example';
      expect((await console.get('/api/platform', { origin })).status).toBe(403);
      const page = await console.get('/');
      expect(page.headers['content-security-policy']).toMatch(/default-src 'none'/);

      const { edges } = await console.view<PlatformView>('/api/platform');
      const states = new Set(edges.map(({ state }) => state));
      expect(states).toContain('seen');
      expect(states).not.toContain('undeclared');
      const purchase = await console.view<PurchaseView>(`/api/purchase?id=${purchaseId()}`);
      expect(purchase.state).toBe('found');
      expect(new Set(purchase.traces.map(({ relation }) => relation))).toContain('effect');
      const { alerts } = await console.view<AlertsView>('/api/alerts');
      expect(alerts.length).toBeGreaterThan(50);
    },
    MINUTES,
  );
}

function tellOfPager(platformOf: () => PlatformUnderTest): void {
  test(
    `is paged once of a certificate that nobody renews, in small time`,
    async () => {
      const { expected } = FAULTS['expiring-certificate'];
      const told = await toldOf('expiring-certificate', platformOf().folders, MINUTES);
      expect(told).toEqual([
        expect.objectContaining({
          ...{ severity: expected.severity, alert: expected.alert, about: expected.about },
          runbook: expect.stringMatching(new RegExp(`/${expected.runbook}\\.md$`)),
        }),
      ]);
    },
    2 * MINUTES,
  );
}
