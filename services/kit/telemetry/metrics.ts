import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ServiceConfiguration } from '@meridian/language/service-configuration.ts';
import { DURATION_BOUNDS_SECONDS, LABELS, METRICS } from './names.ts';
import { resourceAttributes } from './tracing.ts';

/** The metrics of a process; its own registry, so that tests can run many in one process. */
export interface Metrics {
  readonly registry: Registry;
  /** Duration of a served RPC, by method and status name. */
  readonly serverCall: CallTimer;
  /** Duration of an outgoing RPC, by method and status name. */
  readonly clientCall: CallTimer;
  /** Notes a wish to send an outgoing RPC again, by method and what became of it. */
  readonly clientRetry: (method: string, outcome: string) => void;
  /** Duration of a served HTTP request, in seconds; labels LABELS.http… */
  readonly httpRequest: Histogram;
  /** Duration of a database operation, in seconds; labels LABELS.db… and error_type. */
  readonly databaseOperation: Histogram;
  /** Whether Redis is there, 1 or 0, by key space. */
  readonly redisConnectionUp: Gauge;
  /** Reads through a cache; labels LABELS.cache and LABELS.outcome. */
  readonly cacheReads: Counter;
  /** Decisions of a rate limiter; labels LABELS.limitClass, LABELS.outcome and LABELS.limiter. */
  readonly rateLimitDecisions: Counter;
  /** Failures of work in the background; label LABELS.task. */
  readonly backgroundFailures: Counter;
  /** When the certificate of a folder expires, in seconds since the epoch. */
  readonly certificateExpiry: Gauge;
  /** Certificates of a folder taken over after the first. */
  readonly certificateReloads: Counter;
}

/** Notes a finished call. */
export type CallTimer = (method: string, status: string, seconds: number) => void;

/** Creates a registry with every metric that the kit has. */
export function createMetrics(configuration: ServiceConfiguration): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  showTarget(registry, configuration);
  const registers = [registry];
  const labelNames = [LABELS.folder];
  const clientRetries = new Counter({
    name: METRICS.rpcClientRetries,
    help: 'Outgoing RPCs that were sent again, or were not though it was wished',
    labelNames: [LABELS.rpcMethod, LABELS.outcome],
    registers,
  });
  return {
    registry,
    serverCall: callTimer(registry, METRICS.rpcServerCallDuration, 'Duration of served RPCs'),
    clientCall: callTimer(registry, METRICS.rpcClientCallDuration, 'Duration of outgoing RPCs'),
    clientRetry: (method, outcome) => clientRetries.labels(method, outcome).inc(),
    httpRequest: durations(
      registry,
      METRICS.httpServerRequestDuration,
      'Duration of served HTTP requests',
      [LABELS.httpRequestMethod, LABELS.httpRoute, LABELS.httpResponseStatusCode],
    ),
    databaseOperation: durations(
      registry,
      METRICS.dbClientOperationDuration,
      'Duration of database operations',
      [LABELS.dbSystemName, LABELS.dbNamespace, LABELS.dbOperationName, LABELS.errorType],
    ),
    redisConnectionUp: new Gauge({
      name: METRICS.redisConnectionUp,
      help: 'Whether there is a connection to Redis',
      labelNames: [LABELS.dbNamespace],
      registers,
    }),
    cacheReads: new Counter({
      name: METRICS.cacheReads,
      help: 'Reads through a cache',
      labelNames: [LABELS.cache, LABELS.outcome],
      registers,
    }),
    rateLimitDecisions: new Counter({
      name: METRICS.rateLimitDecisions,
      help: 'Requests that were let through or refused by rate',
      labelNames: [LABELS.limitClass, LABELS.outcome, LABELS.limiter],
      registers,
    }),
    backgroundFailures: new Counter({
      name: METRICS.backgroundFailures,
      help: 'Work in the background that failed; the process went on',
      labelNames: [LABELS.task],
      registers,
    }),
    certificateExpiry: new Gauge({
      name: METRICS.certificateExpiry,
      help: 'When the certificate in use expires, in seconds since the epoch',
      labelNames,
      registers,
    }),
    certificateReloads: new Counter({
      name: METRICS.certificateReloads,
      help: 'Certificates taken over after the first',
      labelNames,
      registers,
    }),
  };
}

/** The resource of the process, as metrics carry it. */
function showTarget(registry: Registry, configuration: ServiceConfiguration): void {
  const resource = Object.fromEntries(
    Object.entries(resourceAttributes(configuration)).map(([name, value]) => [
      name.replaceAll('.', '_'),
      value,
    ]),
  );
  new Gauge({
    name: METRICS.targetInfo,
    help: 'Resource attributes of the process',
    labelNames: Object.keys(resource),
    registers: [registry],
  }).set(resource, 1);
}

function durations(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
): Histogram {
  return new Histogram({
    name,
    help,
    labelNames,
    buckets: [...DURATION_BOUNDS_SECONDS],
    registers: [registry],
  });
}

function callTimer(registry: Registry, name: string, help: string): CallTimer {
  const histogram = durations(registry, name, help, [
    LABELS.rpcSystemName,
    LABELS.rpcMethod,
    LABELS.rpcStatusCode,
  ]);
  // Looking a child up by an object of labels hashes them; methods and statuses are few.
  const children = new Map<string, Histogram.Internal<string>>();
  return (method, status, seconds) => {
    const key = `${method} ${status}`;
    let child = children.get(key);
    if (child === undefined) {
      child = histogram.labels('grpc', method, status);
      children.set(key, child);
    }
    child.observe(seconds);
  };
}
