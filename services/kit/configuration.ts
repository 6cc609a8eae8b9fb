import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { CodedError } from '@meridian/language/coded-error.ts';
import { ObjectReader } from './object-reader.ts';
import type { RetryBudgetConfiguration } from './rpc/retry-budget.ts';

/** Where a server listens. */
export interface ListenAddress {
  /** An IP address, never a name. */
  readonly address: string;
  /** Zero takes a free port, which only tests do. */
  readonly port: number;
}

/** How much a replica takes on, and how long it takes to stop. */
export interface ServerLimits {
  /** Calls handled at once. */
  readonly concurrency: number;
  /** Calls that may wait; one more is refused with UNAVAILABLE. */
  readonly queueDepth: number;
  /** Deadline of a call that comes without one. @default 10000 */
  readonly defaultDeadlineMs: number;
}

/** How a replica leaves: first it says so, then it stops accepting, then it waits for its calls. */
export interface DrainSettings {
  /** Time between 'not ready' and 'stop accepting', for health checkers to notice. @default 0 */
  readonly noticeMs: number;
  /** Time that calls in flight get to finish. @default 8000 */
  readonly graceMs: number;
}

/** On whose behalf a method may run, as the graph has it. */
export type Actor = (typeof ACTORS)[number];

/** Who may act through a method, and for which requests it may be called. */
export interface MethodRule {
  readonly actors: readonly Actor[];
  /** Of which a user needs one; empty where every user will do. */
  readonly roles: readonly string[];
  /** Entry methods by SPIFFE ID of the caller: only requests that came in by them lead to a call. */
  readonly entries: Readonly<Record<string, readonly string[]>>;
}

/** What a process knows of signed contexts. */
export interface ContextConfiguration {
  /** SPIFFE ID of the edge service, which signs them. @default nobody */
  readonly signer?: string;
  /**
   * Rules by method path; '*' stands for every method without one of its own. The edge service has
   * those of the methods that it routes to, every other service its own. @default {}, which refuses all
   */
  readonly methods: Readonly<Record<string, MethodRule>>;
}

/** A process's own configuration: the content of service.json, which components/service writes. */
export interface ServiceConfiguration {
  readonly service: string;
  readonly version: string;
  /** Unique in the platform, such as 'catalog-b-0'. */
  readonly instance: string;
  readonly zone: string;
  /** The environment's name, such as 'local'. */
  readonly environment: string;
  readonly namespace: string;
  readonly spiffeId: string;
  /** Folder of tls.crt, tls.key and ca.crt, relative to the working directory. */
  readonly identityFolder: string;
  /** Absent for a task, which serves nothing. */
  readonly listen?: ListenAddress;
  /** Where health and metrics are served over plain HTTP; absent for a task. */
  readonly ops?: ListenAddress;
  /** SPIFFE IDs that may call, by method path; '*' stands for every method. */
  readonly allow: Readonly<Record<string, readonly string[]>>;
  readonly context: ContextConfiguration;
  readonly limits: ServerLimits;
  /**
   * Connections of its pool to a database; those that do not serve requests come beside them.
   * components/model/database-connections.ts has all of them fit into the server. @default 10
   */
  readonly databaseConnections: number;
  /** How often callers may ask, by class; only the edge service has any. */
  readonly rateLimits: Readonly<Record<string, RateLimitConfiguration>>;
  /**
   * How many calls of all its clients together are sent again when a peer is away. Only the edge service
   * has one: where each service tries again for itself, their attempts multiply.
   * @default none, and every call is sent once
   */
  readonly retryBudget?: RetryBudgetConfiguration;
  readonly drain: DrainSettings;
  /** Age at which a connection is closed gracefully, so that new replicas get calls. */
  readonly connectionMaxAgeSeconds: number;
  /** Least level that is logged. @default 'info' */
  readonly logLevel: LogLevel;
  /** Where spans are sent over OTLP/gRPC; without it they only give ids. @default none */
  readonly otlpEndpoint?: string;
}

/** How often callers of one class may ask, each for itself. */
export interface RateLimitConfiguration {
  /** Requests in a window, on average. */
  readonly requests: number;
  readonly windowSeconds: number;
  /** Requests that may come at once after a pause. */
  readonly burst: number;
}

const ACTORS = ['system', 'anonymous', 'user'] as const;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Levels of the log, in words. */
export type LogLevel = (typeof LOG_LEVELS)[number];

export const DEFAULT_DEADLINE_MS = 10_000;
export const DEFAULT_DRAIN: DrainSettings = { noticeMs: 0, graceMs: 8_000 };
export const DEFAULT_CONNECTION_MAX_AGE_SECONDS = 30;
export const DEFAULT_DATABASE_CONNECTIONS = 10;

const LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_IN_WORDS = 'a lower-case name of letters, digits and hyphens';
const SPIFFE_ID = /^spiffe:\/\/[a-z0-9._-]+(\/[A-Za-z0-9._-]+)+$/;
const SPIFFE_ID_IN_WORDS = 'a SPIFFE ID such as spiffe://meridian.local/ns/meridian/sa/catalog';

/** The zone of a pod whose cluster does not tell it; Kubernetes does from 1.35. */
const UNKNOWN_ZONE = 'unknown';

/** Environment variables by name. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks service.json; throws a CodedError that lists every problem.
 *
 * @param environment gives `instance` and `zone` where the file leaves them out, as that of all pods of
 *   a service must: MERIDIAN_INSTANCE and MERIDIAN_ZONE
 */
export function readConfiguration(file: string, environment: Environment): ServiceConfiguration {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Configuration ${file}: cannot be read (${(cause as Error).message}); MERIDIAN_SERVICE_FILE must name service.json`,
      { cause },
    );
  }
  return parseConfiguration(text, file, environment);
}

/** The same for a text that was read already; `file` only appears in messages. */
export function parseConfiguration(
  text: string,
  file: string,
  environment: Environment = {},
): ServiceConfiguration {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Configuration ${file}: is not JSON (${(cause as Error).message})`,
      { cause },
    );
  }
  const problems: string[] = [];
  const configuration = read(
    new ObjectReader(withPlace(parsed, environment), '', problems),
    problems,
  );
  if (problems.length > 0) {
    throw new CodedError('KIT_CONFIGURATION', `Configuration ${file}: ${problems.join('; ')}`);
  }
  return configuration;
}

/** The file's content with the place of the process, unless it has one itself. */
function withPlace(parsed: unknown, environment: Environment): unknown {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return parsed;
  const { MERIDIAN_INSTANCE: instance, MERIDIAN_ZONE: zone } = environment;
  return {
    ...(instance === undefined ? {} : { instance }),
    ...(zone === undefined ? {} : { zone: zone === '' ? UNKNOWN_ZONE : zone }),
    ...parsed,
  };
}

function read(reader: ObjectReader, problems: string[]): ServiceConfiguration {
  const otlpEndpoint = reader.optionalString(
    'otlpEndpoint',
    /^https?:\/\//,
    'an http or https URL',
  );
  const listen = readListen(reader, 'listen', problems);
  const ops = readListen(reader, 'ops', problems);
  const retryBudget = reader.has('retryBudget')
    ? readRetryBudget(reader.object('retryBudget'))
    : undefined;
  const configuration: ServiceConfiguration = {
    service: reader.string('service', LABEL, LABEL_IN_WORDS),
    version: reader.string('version'),
    instance: reader.string('instance', LABEL, LABEL_IN_WORDS),
    zone: reader.string('zone', LABEL, LABEL_IN_WORDS),
    environment: reader.string('environment', LABEL, LABEL_IN_WORDS),
    namespace: reader.string('namespace', LABEL, LABEL_IN_WORDS),
    spiffeId: reader.string('spiffeId', SPIFFE_ID, SPIFFE_ID_IN_WORDS),
    identityFolder: reader.string('identityFolder'),
    allow: reader.has('allow') ? reader.stringLists('allow', SPIFFE_ID, 'SPIFFE IDs') : {},
    context: readContext(reader.object('context', 'optional')),
    limits: readLimits(reader.object('limits', 'optional')),
    databaseConnections: reader.integer(
      'databaseConnections',
      1,
      1_000,
      DEFAULT_DATABASE_CONNECTIONS,
    ),
    rateLimits: readRateLimits(reader.object('rateLimits', 'optional')),
    drain: readDrain(reader.object('drain', 'optional')),
    connectionMaxAgeSeconds: reader.integer(
      'connectionMaxAgeSeconds',
      1,
      86_400,
      DEFAULT_CONNECTION_MAX_AGE_SECONDS,
    ),
    logLevel: readLogLevel(reader),
    ...(listen === undefined ? {} : { listen }),
    ...(ops === undefined ? {} : { ops }),
    ...(otlpEndpoint === undefined ? {} : { otlpEndpoint }),
    ...(retryBudget === undefined ? {} : { retryBudget }),
  };
  reader.finish();
  return configuration;
}

const ACTOR = new RegExp(`^(${ACTORS.join('|')})$`);
const ROLE = /^[a-z][a-z0-9-]{0,31}$/;
const METHOD_PATH = /^\/[A-Za-z0-9_.]+\/[A-Za-z0-9_]+$/;

function readContext(reader: ObjectReader): ContextConfiguration {
  const signer = reader.optionalString('signer', SPIFFE_ID, SPIFFE_ID_IN_WORDS);
  const methods = reader
    .object('methods', 'optional')
    .objects()
    .map(([path, rule]) => {
      const read: MethodRule = {
        actors: rule.strings('actors', ACTOR, ACTORS.join(', ')) as readonly Actor[],
        roles: rule.has('roles') ? rule.strings('roles', ROLE, 'roles') : [],
        entries: rule.has('entries')
          ? rule.stringLists('entries', METHOD_PATH, 'method paths')
          : {},
      };
      rule.finish();
      return [path, read] as const;
    });
  reader.finish();
  return { ...(signer === undefined ? {} : { signer }), methods: Object.fromEntries(methods) };
}

function readLogLevel(reader: ObjectReader): LogLevel {
  const pattern = new RegExp(`^(${LOG_LEVELS.join('|')})$`);
  return (reader.optionalString('logLevel', pattern, `one of ${LOG_LEVELS.join(', ')}`) ??
    'info') as LogLevel;
}

function readListen(
  reader: ObjectReader,
  key: string,
  problems: string[],
): ListenAddress | undefined {
  if (!reader.has(key)) return undefined;
  const nested = reader.object(key);
  const address = nested.string('address');
  if (address !== '' && isIP(address) === 0) {
    problems.push(`${key}.address: must be an IP address, got ${JSON.stringify(address)}`);
  }
  const listen = { address, port: nested.integer('port', 0, 65_535) };
  nested.finish();
  return listen;
}

function readLimits(reader: ObjectReader): ServerLimits {
  const limits = {
    concurrency: reader.integer('concurrency', 1, 10_000, 64),
    queueDepth: reader.integer('queueDepth', 0, 100_000, 256),
    defaultDeadlineMs: reader.integer('defaultDeadlineMs', 1, 600_000, DEFAULT_DEADLINE_MS),
  };
  reader.finish();
  return limits;
}

function readRetryBudget(reader: ObjectReader): RetryBudgetConfiguration {
  const budget = {
    percentOfCalls: reader.integer('percentOfCalls', 0, 100),
    minimumPerSecond: reader.integer('minimumPerSecond', 0, 1_000),
  };
  reader.finish();
  return budget;
}

function readDrain(reader: ObjectReader): DrainSettings {
  const drain = {
    noticeMs: reader.integer('noticeMs', 0, 60_000, DEFAULT_DRAIN.noticeMs),
    graceMs: reader.integer('graceMs', 0, 600_000, DEFAULT_DRAIN.graceMs),
  };
  reader.finish();
  return drain;
}

function readRateLimits(reader: ObjectReader): Readonly<Record<string, RateLimitConfiguration>> {
  const limits = reader.objects().map(([name, limit]) => {
    const read: RateLimitConfiguration = {
      requests: limit.integer('requests', 1, 1_000_000_000),
      windowSeconds: limit.integer('windowSeconds', 1, 86_400),
      burst: limit.integer('burst', 1, 1_000_000_000),
    };
    limit.finish();
    return [name, read] as const;
  });
  return Object.fromEntries(limits);
}
