import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { landed } from '@meridian/components/model/landed.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import { measureAuthentication } from '../../bench/authentication.ts';
import { AUTHENTICATION_STEPS } from '../../bench/authentication-cost.ts';
import type { AuthenticationCost, Floor, Stage, Step } from '../../bench/authentication-cost.ts';
import { deployReport } from '../../bench/deploy/deploy-report.ts';
import { measureDeployment } from '../../bench/deploy/measure-deploy.ts';
import { measureDev } from '../../bench/dev.ts';
import type { DevMeasured } from '../../bench/dev.ts';
import type { Durations } from '../../bench/durations.ts';
import { measureLoad } from '../../bench/load/load.ts';
import { loadReport } from '../../bench/load/load-report.ts';
import { measureMemory } from '../../bench/memory.ts';
import type { Memory } from '../../bench/memory.ts';
import { measuredRead } from '../../bench/product.ts';
import { measureReadPath } from '../../bench/read-path.ts';
import type { ReadPath } from '../../bench/read-path.ts';
import { measurePlatform } from '../../bench/services/prepare-services.ts';
import { measureSizes } from '../../bench/sizes.ts';
import { measurePreview } from '../../bench/preview/measure-preview.ts';
import { previewReport } from '../../bench/preview/preview-report.ts';
import { measureReview } from '../../bench/review/measure-review.ts';
import { reviewReport } from '../../bench/review/review-report.ts';
import { startServiceRuntime } from '../../bench/service-runtime.ts';
import { servicesReport } from '../../bench/services/services-report.ts';
import { measureHotProduct } from '../../bench/stock/hot-product.ts';
import type { HotProduct } from '../../bench/stock/hot-product.ts';
import { measureTelemetry } from '../../bench/telemetry/measure-telemetry.ts';
import { telemetryReport } from '../../bench/telemetry/telemetry-report.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import { printJson } from '../output/print-json.ts';
import type { Output } from '../output/schemas.ts';
import { localFolders, programFolder } from '../places.ts';
import { rehearsalPrograms } from '../rehearsal/rehearsal-programs.ts';
import { removeFolder } from '../remove-folder.ts';
import { withPlatform } from '../session.ts';
import { table } from '../table.ts';
import { zoneStatuses } from '../zones.ts';

/** Options of `npm run bench`. */
export interface BenchOptions {
  /** Reads or rounds to measure, one after the other. @default 1000 */
  readonly requests?: number;
  /** Only what authentication costs a request. */
  readonly authentication?: boolean;
  /** `pulumi up` of staging, rehearsed, beside as many trivial resources; it needs no platform. */
  readonly deploy?: boolean;
  /** Edits of code and contracts, until they are served. */
  readonly dev?: boolean;
  /** Reads at a steady pace, and what they cost each process. */
  readonly load?: boolean;
  /** An offline preview of prod, beside cdk8s alone and as many trivial resources; it needs no platform. */
  readonly preview?: boolean;
  /** `meridian review` of staging, beside as many trivial resources; it needs no platform. */
  readonly review?: boolean;
  /** Latency, cost and the rate that it holds of each public method. */
  readonly services?: boolean;
  /** Memory and CPU of each service, from replicas that have been at work. */
  readonly sizes?: boolean;
  /** CPU, latency and memory with telemetry off, at ten percent and full. */
  readonly telemetry?: boolean;
  /** How often each of them is measured. @default 3 */
  readonly rounds?: number;
  /** Its tables as docs/performance.md has them. */
  readonly markdown?: boolean;
  /** Reservations of one product, asked of catalog directly, and whole orders of it. */
  readonly stock?: boolean;
  /** Reads a second under load. @default 200 */
  readonly rate?: number;
  /** How long the load lasts, or the reservations, and then the orders. @default 20 */
  readonly seconds?: number;
  /** Connections of the load, or reservations and orders under way at once. @default 16 */
  readonly connections?: number;
  readonly json?: boolean;
}

const DEFAULT_REQUESTS = 1000;
const DEFAULT_LOAD = { ratePerSecond: 200, seconds: 20, connections: 16 };
const DEFAULT_ROUNDS = 3;

/** What each kind of benchmark takes besides `--json`. */
const OPTIONS_OF = {
  reads: ['requests'],
  authentication: ['authentication', 'requests'],
  deploy: ['deploy', 'rounds', 'markdown'],
  dev: ['dev'],
  preview: ['preview', 'rounds', 'markdown'],
  review: ['review', 'rounds', 'markdown'],
  services: ['services', 'markdown'],
  sizes: ['sizes'],
  stock: ['stock', 'seconds', 'connections'],
  telemetry: ['telemetry', 'rounds', 'rate', 'seconds', 'connections', 'markdown'],
  load: ['load', 'rate', 'seconds', 'connections'],
} as const satisfies Readonly<Record<string, readonly (keyof BenchOptions)[]>>;

/**
 * Measures the running platform: memory by name and the read path, the read path under load, or
 * authentication; or a deployment, which needs none; as ratios against floors of the same run, since milliseconds of a shared machine say
 * little.
 *
 * @throws {CodedError} BENCH_OPTION_UNUSABLE for an option of another kind of benchmark
 */
export async function bench(options: BenchOptions): Promise<number> {
  const [measured, shown] = await measurement(options);
  if (options.json === true) printJson<'bench'>(measured);
  else process.stdout.write(`${shown}\n`);
  return 0;
}

/** What was measured, and the same for people. */
type Measurement = readonly [Output<'bench'>, string];

async function measurement(options: BenchOptions): Promise<Measurement> {
  const kind =
    (
      [
        'deploy',
        'dev',
        'load',
        'preview',
        'review',
        'services',
        'sizes',
        'stock',
        'telemetry',
        'authentication',
      ] as const
    ).find((name) => options[name]) ?? 'reads';
  const usable = new Set<string>([...OPTIONS_OF[kind], 'json']);
  const unusable = Object.keys(options).find((name) => !usable.has(name));
  if (unusable !== undefined) {
    const other = (Object.keys(OPTIONS_OF) as (keyof typeof OPTIONS_OF)[]).find((one) =>
      (OPTIONS_OF[one] as readonly string[]).includes(unusable),
    );
    const allowed = OPTIONS_OF[kind].map((name) => `--${name}`).join(', ');
    throw new CodedError(
      'BENCH_OPTION_UNUSABLE',
      `Option '--${unusable}': must be of the benchmark of ${kind} (${allowed}), got one of the benchmark of ${other}; ${other === 'reads' ? 'leave it out' : `add --${other}`}`,
    );
  }
  const measures = {
    ...{ reads, authentication, deploy, preview, review, load, dev, services, sizes, stock },
    telemetry,
  };
  return await measures[kind](options);
}

async function reads({ requests = DEFAULT_REQUESTS }: BenchOptions): Promise<Measurement> {
  const folders = localFolders();
  const zones = await zoneStatuses(folders);
  const measured = await measuredRead(folders, zones);
  const memory = measureMemory(zones);
  const readPath = await measureReadPath(measured, folders, requests);
  return [{ memory, readPath }, `${memoryTable(memory)}\n\n${readTable(readPath)}`];
}

async function services({ markdown = false }: BenchOptions): Promise<Measurement> {
  const folders = localFolders();
  const measured = await measurePlatform(folders, await zoneStatuses(folders), (what) =>
    process.stderr.write(`The benchmark ${what}\n`),
  );
  return [measured, servicesReport(measured, markdown ? markdownTable : table)];
}

async function deploy(options: BenchOptions): Promise<Measurement> {
  const { rounds = DEFAULT_ROUNDS, markdown = false } = options;
  const measured = await measureDeployment({
    stack: 'staging',
    root: programFolder,
    programs: await rehearsalPrograms(),
    rounds,
    onStep,
  });
  return [measured, deployReport(measured, markdown ? markdownTable : table)];
}

async function preview({ rounds = DEFAULT_ROUNDS, markdown = false }: BenchOptions) {
  return await inFolder('preview', async (folder): Promise<Measurement> => {
    const programs = await rehearsalPrograms();
    const given = { stack: 'prod', root: programFolder, programs, rounds, folder };
    const measured = await measurePreview({ ...given, onStep });
    return [measured, previewReport(measured, markdown ? markdownTable : table)];
  });
}

async function review({ rounds = DEFAULT_ROUNDS, markdown = false }: BenchOptions) {
  return await inFolder('review', async (cacheHome): Promise<Measurement> => {
    const programs = await rehearsalPrograms();
    const given = { stack: 'staging', root: programFolder, programs, rounds, cacheHome };
    const measured = await measureReview({ ...given, onStep });
    return [measured, reviewReport(measured, markdown ? markdownTable : table)];
  });
}

/** Measures with an empty folder, which is removed then. */
async function inFolder<T>(name: string, measure: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), `meridian-bench-${name}-`));
  try {
    return await measure(folder);
  } finally {
    removeFolder(folder);
  }
}

function onStep(what: string): void {
  process.stderr.write(`The benchmark ${what}\n`);
}

async function sizes(): Promise<Measurement> {
  const folders = localFolders();
  const { services: known } = landed(platform(localSettings({})));
  const measured = await measureSizes(
    folders,
    await zoneStatuses(folders),
    known.map(({ name }) => name),
  );
  const rows = Object.entries(measured.services).map(([name, size]) => [
    name,
    String(size.peakMiB),
    String(size.heapMiB),
    size.cpuMsPerCall?.toFixed(1) ?? '',
  ]);
  return [measured, table(['SERVICE', 'PEAK MiB', 'HEAP MiB', 'CPU MS A CALL'], rows)];
}

async function stock(options: BenchOptions): Promise<Measurement> {
  const { seconds = DEFAULT_LOAD.seconds, connections = DEFAULT_LOAD.connections } = options;
  const folders = localFolders();
  const zones = await zoneStatuses(folders);
  const measured = await measureHotProduct(folders, zones, { seconds, atOnce: connections });
  return [measured, hotProductTable(measured)];
}

function hotProductTable(measured: HotProduct): string {
  const { atOnce, reservations, perSecond, reserve, release, orders } = measured;
  const line = (name: string, { p50, p95 }: Durations): readonly string[] => [
    name,
    p50.toFixed(1),
    p95.toFixed(1),
  ];
  const shown = table(
    ['ONE HOT PRODUCT', 'p50 ms', 'p95 ms'],
    [line('reservation', reserve), line('release', release), line('whole order', orders.purchase)],
  );
  const failed = Object.entries(orders.failures).map(([what, count]) => `${count} × ${what}`);
  return [
    ...[shown, ''],
    `${perSecond.toFixed(0)} reservations a second: ${reservations} of one unit, ${atOnce} under way at once; all are released again`,
    `${orders.perSecond.toFixed(1)} orders a second confirmed: ${orders.confirmed} of one unit through the edge, ${atOnce} customers at once; not confirmed: ${failed.join(', ') || 'none'}`,
  ].join('\n');
}

async function dev(): Promise<Measurement> {
  const folders = localFolders();
  const measured = await measureDev(await measuredRead(folders, await zoneStatuses(folders)));
  return [measured, devTable(measured)];
}

function devTable(measured: DevMeasured): string {
  const { code, contract, edits, contractEdits, requests, failed } = measured;
  const line = (name: string, count: number, { p50, p95 }: Durations): readonly string[] => [
    name,
    String(count),
    p50.toFixed(0),
    p95.toFixed(0),
  ];
  const shown = table(
    ['SAVED UNTIL SERVED', 'EDITS', 'p50 ms', 'p95 ms'],
    [line('code', edits, code), line('contract', contractEdits, contract)],
  );
  return `${shown}\n\n${requests} requests meanwhile, ${failed} failed`;
}

async function load(options: BenchOptions): Promise<Measurement> {
  const {
    rate: ratePerSecond = DEFAULT_LOAD.ratePerSecond,
    seconds = DEFAULT_LOAD.seconds,
    connections = DEFAULT_LOAD.connections,
  } = options;
  const folders = localFolders();
  const zones = await zoneStatuses(folders);
  const measured = await measureLoad(
    await measuredRead(folders, zones),
    { folders, zones },
    { ratePerSecond, seconds, connections },
    onStep,
  );
  return [measured, loadReport(measured)];
}

async function telemetry(options: BenchOptions): Promise<Measurement> {
  const {
    rate: ratePerSecond = DEFAULT_LOAD.ratePerSecond,
    seconds = DEFAULT_LOAD.seconds,
    connections = DEFAULT_LOAD.connections,
    rounds = DEFAULT_ROUNDS,
    markdown = false,
  } = options;
  const measured = await withPlatform('measures telemetry', {}, async (folders) =>
    measureTelemetry(
      await measuredRead(folders, await zoneStatuses(folders)),
      folders,
      { ratePerSecond, seconds, connections, rounds },
      onStep,
    ),
  );
  return [measured, telemetryReport(measured, markdown ? markdownTable : table)];
}

async function authentication({ requests = DEFAULT_REQUESTS }: BenchOptions): Promise<Measurement> {
  const folders = localFolders();
  const runtime = await startServiceRuntime('gateway', folders, await zoneStatuses(folders));
  try {
    const cost = await measureAuthentication(runtime, requests);
    const measured = { ...cost, documentedMs: DOCUMENTED_MS };
    return [measured, `${stepTable(cost)}\n\n${stageTable(cost)}`];
  } finally {
    await runtime.stop();
  }
}

function memoryTable(memory: readonly Memory[]): string {
  const total = memory.reduce((sum, { pssMiB }) => sum + pssMiB, 0);
  const rows = [...memory, { name: 'total', processes: 0, pssMiB: total }].map((row) => [
    row.name,
    row.processes === 0 ? '' : String(row.processes),
    row.pssMiB.toFixed(0),
  ]);
  return table(['MEMORY OF', 'PROCESSES', 'PSS MiB'], rows);
}

function readTable({ read, floor, requests }: ReadPath): string {
  const line = (of: keyof Durations): readonly string[] => [
    of,
    read[of].toFixed(2),
    floor[of].toFixed(2),
    (read[of] / floor[of]).toFixed(1),
  ];
  const header = [`${requests} READS`, 'WHOLE PATH ms', 'FLOOR ms', 'RATIO'];
  return table(header, [line('p50'), line('p95')]);
}

/** What the design document gives the stage that validates, limits and signs. */
const DOCUMENTED_MS = 2;

const FLOORS: Readonly<Record<Floor, string>> = {
  verification: 'one Ed25519 verification',
  roundTrip: 'one PING of Redis',
};

const STEPS: Readonly<Record<Step, string>> = {
  newToken: 'new token verified',
  knownToken: 'known token looked up',
  newTokenCounted: 'new token counted, and given back',
  requestCounted: 'request counted',
  contextSigned: 'context signed',
  contextVerified: 'context verified by the service',
};

const STAGES: Readonly<Record<Stage, string>> = {
  knownToken: 'a request with a known token',
  newToken: 'a request with a new token',
};

function stepTable({ rounds, floors, steps, ratios }: AuthenticationCost): string {
  const line = (
    name: string,
    { p50, p95 }: Durations,
    ratio: number,
    floor: Floor,
  ): readonly string[] => [name, p50.toFixed(3), p95.toFixed(3), ratio.toFixed(1), FLOORS[floor]];
  return table(
    [`${rounds} ROUNDS`, 'p50 ms', 'p95 ms', 'RATIO', 'OF THE FLOOR'],
    [
      ...(Object.keys(FLOORS) as Floor[]).map((name) => line('floor', floors[name], 1, name)),
      ...(Object.keys(STEPS) as Step[]).map((name) =>
        line(STEPS[name], steps[name], ratios[name], AUTHENTICATION_STEPS[name]),
      ),
    ],
  );
}

function stageTable({ stages }: AuthenticationCost): string {
  return table(
    ['WHOLE STAGE', 'p50 ms', 'p95 ms', `p95 OF ${DOCUMENTED_MS} ms`],
    (Object.keys(STAGES) as Stage[]).map((name) => [
      STAGES[name],
      stages[name].p50.toFixed(2),
      stages[name].p95.toFixed(2),
      `${((100 * stages[name].p95) / DOCUMENTED_MS).toFixed(0)} %`,
    ]),
  );
}
