import { resolve } from 'node:path';
import { setLogger } from '@grpc/grpc-js';
import {
  RELEASE_ROLE_FILE,
  BINDING_ROOT_VARIABLE,
  SERVICE_FILE_VARIABLE,
} from '@meridian/language/process-folder.ts';
import { backgroundFailures } from './background-metrics.ts';
import { onBackgroundFailure } from './background.ts';
import { Bindings } from './bindings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { readConfiguration } from './configuration.ts';
import type { ServiceConfiguration } from '@meridian/language/service-configuration.ts';
import { Departure } from './departure.ts';
import { Readiness } from './ops/readiness.ts';
import { showReadiness } from './ops/readiness-metric.ts';
import { startMetricsServer } from './ops/metrics-server.ts';
import type { MetricsServer } from './ops/metrics-server.ts';
import { startOpsServer } from './ops/server.ts';
import type { OpsServer } from './ops/server.ts';
import { ReleaseRole } from './release/release-role.ts';
import type { Retries } from './rpc/repetition.ts';
import { RetryBudget } from './rpc/retry-budget.ts';
import { droppedLines } from './telemetry/dropped-lines.ts';
import { LINE_LIMIT, LineLimit } from './telemetry/line-limit.ts';
import { createLogger } from './telemetry/logger.ts';
import type { Logger } from './telemetry/logger.ts';
import { observeIdentity } from './tls/observe-identity.ts';
import { clientRetryCounter } from './rpc/rpc-metrics.ts';
import { loadSdk } from './telemetry/export/load-sdk.ts';
import type { Sdk } from './telemetry/export/load-sdk.ts';
import { SpanExport } from './telemetry/export/span-export.ts';
import { createMetrics } from './telemetry/metrics.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { LABELS } from './telemetry/names.ts';
import { Tracing } from './telemetry/tracing.ts';
import { Identity } from './tls/identity.ts';
import { spiffeIdOf } from './tls/spiffe.ts';

/** Everything that every process of the platform has, whatever it serves. */
export interface Runtime {
  readonly configuration: ServiceConfiguration;
  readonly bindings: Bindings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Certificate, key and trust root of the process, always the newest. */
  readonly identity: Identity;
  readonly readiness: Readiness;
  /** Whether this process belongs to the release that everybody uses. */
  readonly role: ReleaseRole;
  /** How its clients send calls again; absent for a process whose clients send each once. */
  readonly retries: Retries | undefined;
  /** Absent for a process without `ops` in its configuration. */
  readonly ops: OpsServer | undefined;
  /** Absent for a process without `metrics` in its configuration. */
  readonly metricsServer: MetricsServer | undefined;
  /** The folder that relative folders of configuration and bindings start from. */
  readonly workingFolder: string;
  /** Registers what stops accepting work and waits for work in flight; all of it runs at once. */
  onDrain(name: string, step: (graceMs: number) => Promise<void> | void): void;
  /** Registers what is closed after all work is done, newest first. */
  onRelease(name: string, step: () => Promise<void> | void): void;
  /** Leaves in order: not ready, drain, release, telemetry. Doing it again changes nothing. */
  stop(): Promise<void>;
}

/** Where a runtime finds its world. */
export interface RuntimeOptions {
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** @default process.cwd() */
  readonly workingFolder?: string;
  /** @default a logger to stdout */
  readonly logger?: (configuration: ServiceConfiguration) => Logger;
  /** Loads what spans are sent with, once there is a collector. @default all of it */
  readonly loadSdk?: () => Promise<Sdk>;
}

/**
 * Starts what every process has: configuration, bindings, certificate, log, traces, metrics and the
 * ops server. Throws a CodedError that says what is wrong with what it was given.
 */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const environment = options.environment ?? process.env;
  const workingFolder = options.workingFolder ?? process.cwd();
  const configuration = readConfiguration(
    resolve(workingFolder, required(environment, SERVICE_FILE_VARIABLE)),
    environment,
  );
  const bindings = new Bindings(
    resolve(workingFolder, required(environment, BINDING_ROOT_VARIABLE)),
  );
  const identity = openIdentity(configuration, workingFolder);
  const metrics = createMetrics(configuration);
  const log = options.logger?.(configuration) ?? limitedLogger(configuration, metrics);
  quietGrpc(log);
  const tracing = new Tracing(configuration);
  const spanExport = new SpanExport({
    ...{ tracing, bindings, identity, metrics, log },
    loadSdk: options.loadSdk ?? loadSdk,
  });
  const failures = backgroundFailures(metrics.registry);
  const unheard = onBackgroundFailure((task, err) => {
    failures.inc({ [LABELS.task]: task });
    log.error({ err, task }, 'work in the background failed; the process goes on');
  });
  const readiness = new Readiness();
  showReadiness(metrics.registry, readiness);
  observeIdentity(identity, configuration.identityFolder, { log, metrics, readiness });
  const role = ReleaseRole.open(resolve(workingFolder, RELEASE_ROLE_FILE), log);
  const departure = new Departure(configuration.drain, readiness, log);
  const ops =
    configuration.ops &&
    (await startOpsServer(
      configuration.ops,
      readiness,
      configuration.metrics === undefined ? metrics.registry : undefined,
    ));
  const metricsServer =
    configuration.metrics &&
    (await startMetricsServer(configuration.metrics, { identity, metrics, log, workingFolder }));
  // Released last of all, as the last are the first: probes see 'draining' until the end.
  departure.onRelease('telemetry', async () => {
    await spanExport.stop();
    await tracing.stop();
    unheard();
  });
  departure.onRelease('ops server', () => ops?.close());
  departure.onRelease('metrics server', () => metricsServer?.close());
  departure.onRelease('identity', () => identity.close());
  departure.onRelease('release role', () => role.close());
  return {
    configuration,
    bindings,
    log,
    metrics,
    tracing,
    identity,
    readiness,
    role,
    retries: retriesOf(configuration, metrics),
    ops,
    metricsServer,
    workingFolder,
    onDrain: (name, step) => departure.onDrain(name, step),
    onRelease: (name, step) => departure.onRelease(name, step),
    stop: () => departure.leave(),
  };
}

/** A logger to stdout that counts what it does not write of a flood. */
function limitedLogger(configuration: ServiceConfiguration, { registry }: Metrics): Logger {
  const limit = new LineLimit({ ...LINE_LIMIT, dropped: droppedLines(registry) });
  return createLogger(configuration, undefined, limit);
}

function retriesOf(
  { retryBudget }: ServiceConfiguration,
  { registry }: Metrics,
): Retries | undefined {
  return (
    retryBudget && { budget: new RetryBudget(retryBudget), count: clientRetryCounter(registry) }
  );
}

/** Opens the certificate and holds it against the configuration. */
function openIdentity(configuration: ServiceConfiguration, workingFolder: string): Identity {
  const identity = Identity.open(resolve(workingFolder, configuration.identityFolder));
  const found = spiffeIdOf({ subjectaltname: identity.current.subjectAltName });
  if (found !== configuration.spiffeId) {
    identity.close();
    throw new CodedError(
      'KIT_CERTIFICATE',
      `Certificate in ${identity.folder}: must be for ${configuration.spiffeId}, got ${found ?? 'no SPIFFE ID'}`,
    );
  }
  return identity;
}

function required(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new CodedError(
    'KIT_CONFIGURATION',
    `Environment: ${name} must be set to a path, got nothing`,
  );
}

/** What grpc-js would print goes into the log; it is one logger for the whole process. */
function quietGrpc(log: Logger): void {
  const grpc = log.child({ library: 'grpc-js' });
  const write =
    (level: 'debug' | 'info' | 'warn') =>
    (...parts: unknown[]): void =>
      grpc[level](parts.map(String).join(' '));
  setLogger({ error: write('warn'), info: write('info'), debug: write('debug') });
}
