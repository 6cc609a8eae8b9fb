import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { openStores } from '../telemetry/stores/open-stores.ts';
import { recordOfRequests } from './record-of-requests.ts';
import { recordedSeries } from './recorded-series.ts';

/*
 * Records what the platform on this machine has emitted, for tests/sight: `node tools/sight/record.ts`, some minutes after
 * `npm run seed` and `npm run shop -- --rate 5 --for 60s`.
 */

const FOLDER = path.join(import.meta.dirname, '../../tests/sight/recording');

const graph = platform(localSettings({}));
const services = graph.services.map(({ name }) => name);
const registered = new Set<string>(Object.values(METRIC_REGISTRY).map(({ name }) => name));
await using stores = await openStores();
// As far back as a name is kept that was emitted once.
const samples = await stores.prometheus.instant('last_over_time({job!=""}[1h])');
write('series.jsonl', recordedSeries(samples, services, registered));
const { traces, lines } = await recordOfRequests(stores, graph, Date.now());
write('traces.jsonl', traces);
write('lines.jsonl', lines);

function write(file: string, all: readonly object[]): void {
  writeFileSync(path.join(FOLDER, file), all.map((each) => `${JSON.stringify(each)}\n`).join(''));
  console.log(`${file}: ${all.length} lines, of ${services.length} services and their engines`);
}
