import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { alertsView } from '../views/alert-sight.ts';
import type { WatchedAlert } from '../views/alert-sight.ts';
import { newestOrders } from '../views/newest-orders.ts';
import { platformView } from '../views/platform.ts';
import { purchaseView } from '../views/purchase.ts';
import { queryView } from '../views/query-view.ts';
import { TICK } from '../views/run-summary.ts';
import { readAssets } from './assets.ts';
import { cached } from './cached.ts';
import { consoleConfiguration } from './console-configuration.ts';
import { ConsoleServer } from './console-server.ts';
import { RunFiles } from './run-files.ts';
import { RunRecorder } from './run-recorder.ts';
import type { Labels } from './sources.ts';
import { stateRecords } from './state-records.ts';
import { StoreWatch } from './store-watch.ts';
import { storeSources } from './store-sources.ts';

/** Metrics are scraped every 15 s: who looks more often sees the same. */
const PLATFORM_KEPT_MS = 5_000;
const ALERTS_KEPT_MS = 15_000;

const [, program = '', file = ''] = process.argv;
const built = path.dirname(program);
const configuration = consoleConfiguration(readFileSync(file, 'utf8'));
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(built, name), 'utf8'));
const graph = JSON.parse(readFileSync(configuration.graphFile, 'utf8')) as PlatformGraph;
const alerts = read('alerts.json') as readonly WatchedAlert[];

const runsFolder = path.join(configuration.dataFolder, 'runs');
mkdirSync(runsFolder, { recursive: true, mode: 0o700 });
const runs = new RunFiles(runsFolder);
const watch = new StoreWatch(storeSources(configuration.stores, graph.topics));
const { sources } = watch;
const records = stateRecords(configuration.folders);
const recorder = new RunRecorder({
  ...{ graph, metrics: sources.metrics, files: runs, now: Date.now },
  releases: () => JSON.parse(readFileSync(configuration.releasesFile, 'utf8')) as Labels,
});

const server = new ConsoleServer({
  listen: configuration.listen,
  token: readFileSync(configuration.tokenFile, 'utf8').split('\n')[0] ?? '',
  assets: readAssets(path.join(built, 'page')),
  liveEveryMs: PLATFORM_KEPT_MS,
  failed,
  views: {
    platform: cached(
      () =>
        platformView({
          ...{ graph, sources, nowMs: Date.now(), limits: configuration.rules },
          stores: () => watch.states(),
        }),
      PLATFORM_KEPT_MS,
    ),
    alerts: cached(
      () => alertsView(alerts, { metrics: sources.metrics, records }, Date.now()),
      ALERTS_KEPT_MS,
    ),
    purchase: (id) => purchaseView(id, sources, recorder),
    orders: () => newestOrders(sources.logs, Date.now()),
    query: (text, spanSeconds) =>
      queryView(sources.metrics, { text, spanSeconds, nowMs: Date.now() }),
    ...{ layout: read('layout.json'), runs },
  },
});
await server.listen();
const ticking = setInterval(() => void recorder.tick().catch(failed), TICK.seconds * 1_000);
log('info', 'serving');

process.once('SIGTERM', () => {
  clearInterval(ticking);
  void server.close().then(() => process.exit(0));
});

/** Neither a token nor what somebody asked is in a line. */
function log(level: 'info' | 'error', message: string): void {
  const line = { time: new Date().toISOString(), level, service: 'console', message };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function failed(error: unknown): void {
  log('error', `a view failed: ${messageOf(error)}`);
}
