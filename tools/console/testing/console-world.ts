import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { bundlePage } from '../build/bundle.ts';
import { graphLayout } from '../layout/graph-layout.ts';
import { readAssets } from '../server/assets.ts';
import { ConsoleServer } from '../server/console-server.ts';
import { RunFiles } from '../server/run-files.ts';
import { StoreWatch } from '../server/store-watch.ts';
import { alertsView, watchedAlerts } from '../views/alert-sight.ts';
import type { AlertRecords, BuildView } from '../views/alert-sight.ts';
import { newestOrders } from '../views/newest-orders.ts';
import { platformView } from '../views/platform.ts';
import { purchaseView } from '../views/purchase.ts';
import { queryView } from '../views/query-view.ts';
import { BOUNDS } from '../views/run-summary.ts';
import type { RunSummary } from '../views/run-summary.ts';
import { generatedPurchase, PURCHASE } from './generated-purchase.ts';
import { GENERATED_LIMITS, generatedSources } from './generated-sources.ts';
import type { GeneratedPlatform } from './generated-sources.ts';
import { sampleGraph as graph } from './sample-graph.ts';

/** Where the console of a test listens. */
export interface WorldPlace {
  readonly address: string;
  readonly port: number;
}

const TOKEN = 'c0ffee'.repeat(10);
const NOW_MS = Date.UTC(2026, 2, 1, 12);

const DRILLS: Awaited<ReturnType<AlertRecords['drills']>> = [
  {
    ...{ alert: 'ApiLatency', service: 'gateway', fault: 'slow-service', outcome: 'passed' },
    atMs: NOW_MS - 7_200_000,
  },
];

/** A console over a platform that nobody runs, which can be changed while somebody looks. */
export class ConsoleWorld {
  /** With the token. */
  readonly address: string;
  readonly origin: string;
  readonly failures: unknown[] = [];
  /** The build of engines that goes on. */
  build: BuildView | null = null;
  #platform: Partial<GeneratedPlatform> = {};
  readonly #folder: string;
  readonly #watch: StoreWatch;
  #server: ConsoleServer | undefined;

  private constructor(place: WorldPlace) {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'console-page-'));
    mkdirSync(path.join(this.#folder, 'runs'));
    this.origin = `http://${place.address}:${place.port}`;
    this.address = `${this.origin}/#token=${TOKEN}`;
    const of = () => generatedSources({ graph, nowMs: NOW_MS, alerts, ...this.#platform });
    this.#watch = new StoreWatch({
      metrics: {
        now: (query) => of().metrics.now(query),
        over: (query, range) => of().metrics.over(query, range),
        exemplars: (query, range) => of().metrics.exemplars(query, range),
      },
      traces: { related: (ids) => of().traces.related(ids) },
      logs: {
        ofTrace: (id) => of().logs.ofTrace(id),
        naming: (id) => of().logs.naming(id),
        sagas: (sinceMs) => of().logs.sagas(sinceMs),
        refusals: (sinceMs) => of().logs.refusals(sinceMs),
      },
    });
  }

  static async start(place: WorldPlace): Promise<ConsoleWorld> {
    const world = new ConsoleWorld(place);
    const folder = path.join(world.#folder, 'page');
    await bundlePage(folder);
    const runs = new RunFiles(path.join(world.#folder, 'runs'));
    await runs.keep(runOf(NOW_MS - 7_200_000, 0.05));
    await runs.keep(runOf(NOW_MS - 600_000, 0.5));
    world.#server = new ConsoleServer({
      ...{ listen: place, token: TOKEN, assets: readAssets(folder), liveEveryMs: 100 },
      failed: (error) => world.failures.push(error),
      views: await world.#views(runs),
    });
    await world.#server.listen();
    return world;
  }

  /** What is so from now on. */
  become(platform: Partial<GeneratedPlatform>): void {
    this.#platform = platform;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #views(runs: RunFiles) {
    const { sources } = this.#watch;
    const records = { releases: () => [] };
    const drilled = {
      drills: () => Promise.resolve(DRILLS),
      build: () => Promise.resolve(this.build),
    };
    const layout = await graphLayout(graph);
    return {
      platform: () =>
        platformView({
          ...{ graph, sources, nowMs: NOW_MS, limits: GENERATED_LIMITS },
          stores: () => this.#watch.states(),
        }),
      alerts: () => alertsView(alerts, { metrics: sources.metrics, records: drilled }, NOW_MS),
      purchase: (id: string) => purchaseView(id, sources, records),
      orders: () => newestOrders(sources.logs, NOW_MS),
      query: (text: string, spanSeconds: number) =>
        queryView(sources.metrics, { text, spanSeconds, nowMs: NOW_MS }),
      ...{ layout, runs },
    };
  }
}

const alerts = watchedAlerts(platformRules(graph, { certificateLifetimeSeconds: 3_600 }));

/** The platform's authorization as it is slow, with a purchase that met it. */
export const slowPayments: Partial<GeneratedPlatform> = {
  trouble: {
    'users>gateway': { seconds: 6 },
    'gateway>orders': { seconds: 6 },
    'orders>payments': { seconds: 5.2 },
  },
  undeclared: [['search', 'meridian.payments.v1.PaymentsService']],
  ...generatedPurchase(NOW_MS),
};

function runOf(startedMs: number, authorizedWithin: number): RunSummary {
  const edge = (operation: string, within: number) => ({
    ...{ id: `orders>payments ${operation}`, from: 'orders', to: 'payments', operation },
    ...{ calls: 4_000, errors: 0, counts: BOUNDS.map((bound) => (bound === within ? 4_000 : 0)) },
    traces: [{ id: PURCHASE.trace, seconds: within }],
  });
  return {
    ...{ id: String(startedMs), endedMs: startedMs + 600_000, releases: {}, changed: ['payments'] },
    edges: [edge('AuthorizePayment', authorizedWithin), edge('CapturePayment', 0.05)],
  };
}
