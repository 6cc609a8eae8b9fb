import { BROKER } from './steps/denial-step.ts';
import { zoneSubject } from '@meridian/components/observability/rules/causes.ts';
import { IDENTITY_FOLDER } from '@meridian/language/process-folder.ts';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import { catalog } from '@meridian/catalog/service.ts';
import { orders } from '@meridian/orders/service.ts';
import { search } from '@meridian/search/service.ts';
import type { Fault, FaultName } from './fault.ts';
import type { Placed, PlatformView } from './platform-view.ts';
import type { ProcessStep } from './steps/step.ts';

/** A zone whose loss nobody has to feel: PostgreSQL, Redis and Elasticsearch are in another one on this machine. */
const ZONE = 'b';

/** What a process becomes that is to be away, while its agent goes on to look after it. */
const NOTHING = ['/bin/sleep', 'infinity'];

/** Each stop is longer than the 200 ms of the alert, and far shorter than a call may take. */
const STUTTER = { stoppedMs: 400, runningMs: 100 } as const;

/** MiB of old space, in which no replica can start: as one that has leaked until its limit. */
const TOO_LITTLE_MEMORY_MIB = 12;

/** Less than a quarter of the hour that a certificate is valid, and longer than any drill. */
const CERTIFICATE_LEFT_SECONDS = 600;

/** Every fault that can be drilled. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  'slow-service': {
    summary: 'every replica of catalog runs 100 of 500 ms, by SIGSTOP and SIGCONT',
    expected: {
      severity: 'page',
      alert: 'ApiLatency',
      about: 'gateway',
      runbook: 'api-latency',
    },
    brokeFirst: catalog.name,
    toldWithinSeconds: 180,
    steps: (platform) => [
      {
        kind: 'stutter',
        processes: platform.replicas(catalog.name).map((each) => platform.identity(each)),
        ...STUTTER,
      },
    ],
  },
  errors: {
    summary: 'the table of orders has another name, as after half a migration',
    expected: {
      severity: 'page',
      alert: 'AvailabilityBurnsFast',
      about: 'orders',
      runbook: 'error-budget',
    },
    brokeFirst: `${orders.name}>postgres`,
    toldWithinSeconds: 180,
    steps: () => [
      {
        kind: 'statement',
        database: orders.name,
        apply: 'ALTER TABLE IF EXISTS orders RENAME TO orders_drilled',
        undo: 'ALTER TABLE IF EXISTS orders_drilled RENAME TO orders',
      },
    ],
  },
  'dead-zone': {
    summary: `the agent of zone ${ZONE} is killed, and all of the zone with it`,
    expected: {
      severity: 'ticket',
      alert: 'ZoneAway',
      about: `zone-${ZONE}`,
      runbook: 'zone-away',
    },
    brokeFirst: zoneSubject(ZONE),
    toldWithinSeconds: 180,
    steps: (platform) => {
      const { zone, network, leafLifetimeSeconds } = platform.zone(ZONE);
      return [{ kind: 'zone', settings: { zone, network, leafLifetimeSeconds } }];
    },
  },
  'lagging-consumer': {
    summary: 'a transaction that nobody ends keeps orders from handling events',
    expected: {
      severity: 'page',
      alert: 'FreshnessOrdersConsumedBurnsFast',
      about: 'orders',
      runbook: 'freshness',
    },
    brokeFirst: `${orders.name}>postgres`,
    toldWithinSeconds: 240,
    steps: () => [
      {
        kind: 'transaction',
        database: orders.name,
        statement: 'LOCK TABLE inbox IN SHARE ROW EXCLUSIVE MODE',
      },
    ],
  },
  'stuck-outbox': {
    summary: `Kafka refuses what catalog writes to ${catalogEvents.name}`,
    expected: {
      severity: 'page',
      alert: 'OutboxStuck',
      about: 'catalog',
      runbook: 'outbox-stuck',
    },
    brokeFirst: `${catalog.name}>${catalogEvents.name}`,
    toldWithinSeconds: 300,
    steps: () => [{ kind: 'denial', principal: catalog.name, topic: catalogEvents.name }],
  },
  'full-pool': {
    summary: 'a transaction that nobody ends holds the products, and all connections wait for it',
    expected: {
      severity: 'page',
      alert: 'AvailabilityBurnsFast',
      about: 'catalog',
      runbook: 'error-budget',
    },
    brokeFirst: `${catalog.name}>postgres`,
    toldWithinSeconds: 180,
    steps: () => [
      {
        kind: 'transaction',
        database: catalog.name,
        statement: 'LOCK TABLE products IN ACCESS EXCLUSIVE MODE',
      },
    ],
  },
  'broker-gone': {
    summary: 'every broker of Kafka is stopped',
    expected: { severity: 'page', alert: 'EngineAway', about: 'kafka', runbook: 'engine-away' },
    brokeFirst: 'kafka',
    toldWithinSeconds: 180,
    steps: (platform) =>
      Promise.all(platform.named(BROKER).map((broker) => replaced(platform, broker, NOTHING))),
  },
  'expiring-certificate': {
    summary: `the agent of zone ${ZONE} hangs, and a certificate of catalog is near its end`,
    expected: {
      severity: 'page',
      alert: 'CertificateExpires',
      about: 'catalog',
      runbook: 'certificate-expires',
    },
    brokeFirst: catalog.name,
    toldWithinSeconds: 180,
    steps: async (platform) => {
      const replica = platform.process(`${catalog.name}-${ZONE}-0`);
      const { identities } = await platform.spec(replica);
      const { zone, pid, startTime } = platform.zone(ZONE);
      return identities
        .filter(({ folder }) => folder === IDENTITY_FOLDER)
        .map((identity) => ({
          ...{ kind: 'certificate', zone, process: replica.process.name, identity },
          ...{ agent: { pid, startTime }, leftSeconds: CERTIFICATE_LEFT_SECONDS },
        }));
    },
  },
  'memory-leak': {
    summary: `a replica of catalog has ${TOO_LITTLE_MEMORY_MIB} MiB, and ends whenever it starts`,
    expected: {
      severity: 'ticket',
      alert: 'ReplicaUnseen',
      about: 'catalog',
      runbook: 'service-away',
    },
    brokeFirst: catalog.name,
    toldWithinSeconds: 240,
    steps: async (platform) => {
      const replica = platform.process(`${catalog.name}-${ZONE}-0`);
      const [node = '', ...rest] = (await platform.spec(replica)).command;
      const limit = `--max-old-space-size=${TOO_LITTLE_MEMORY_MIB}`;
      return [await replaced(platform, replica, [node, limit, ...rest])];
    },
  },
  'search-behind': {
    summary: 'the index of products takes no writes, as where the disk is full',
    expected: {
      severity: 'page',
      alert: 'FreshnessSearchFoundBurnsFast',
      about: 'search',
      runbook: 'freshness',
    },
    brokeFirst: `${search.name}>elasticsearch`,
    toldWithinSeconds: 240,
    steps: () =>
      search.stores.map(({ name: index, binding: user }) => ({
        ...{ kind: 'write-block', service: search.name, index, user },
      })),
  },
};

/** A process that does something else. */
async function replaced(
  platform: PlatformView,
  placed: Placed,
  command: readonly string[],
): Promise<ProcessStep> {
  const original = await platform.spec(placed);
  return { kind: 'process', zone: placed.zone, original, changed: { ...original, command } };
}
