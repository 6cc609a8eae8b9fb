import { METHOD_PATH } from './method.ts';
import { RATE_LIMIT } from './rate-limit.ts';
import { listOf, object, oneOf, optional, recordOf, text, whole, withDefault } from './shape.ts';
import type { Read, Written } from './shape.ts';
import { SPIFFE_ID } from './spiffe-id.ts';
import { ROLE } from './subject.ts';
import { IP_ADDRESS, LABEL, NOT_EMPTY } from './text-form.ts';

/**
 * On whose behalf a method may run: 'system' for the platform itself, without a signed context;
 * 'anonymous' and 'user' for a request that came in at the edge, without and with a subject.
 */
export const ACTORS = ['system', 'anonymous', 'user'] as const;

/** One of ACTORS. */
export type Actor = (typeof ACTORS)[number];

const spiffeIds = listOf(text(SPIFFE_ID), 'SPIFFE IDs');

/** Where a server listens. */
export const listenAddress = object({
  /** An IP address, never a name. */
  address: text(IP_ADDRESS),
  /** Zero takes a free port, which only tests do. */
  port: whole(0, 65_535),
});

/** Where metrics are served over mutual TLS, and to whom. */
const metricsAddress = object({
  /** An IP address, never a name. */
  address: text(IP_ADDRESS),
  /** Zero takes a free port, which only tests do. */
  port: whole(0, 65_535),
  /** Folder of the certificate that is shown, relative to the working directory; what it holds is as in `identityFolder`. */
  identityFolder: text(NOT_EMPTY),
  /** SPIFFE ID of whoever may read them; it must be below the trust root in `identityFolder` of the process. */
  scraper: text(SPIFFE_ID),
});

/** How much a replica takes on, and how long it takes to stop. */
const serverLimits = object({
  /** Calls handled at once. @default 64 */
  concurrency: withDefault(whole(1, 10_000), 64),
  /** Calls that may wait; one more is refused with UNAVAILABLE. @default 256 */
  queueDepth: withDefault(whole(0, 100_000), 256),
  /** Deadline of a call that comes without one. @default 10000 */
  defaultDeadlineMs: withDefault(whole(1, 600_000), 10_000),
});

/** Who may act through a method, and for which requests it may be called. */
const methodRule = object({
  actors: listOf(oneOf(ACTORS), ACTORS.join(', ')),
  /** Of which a user needs one; empty where every user will do. @default [] */
  roles: withDefault(listOf(text(ROLE), 'roles'), []),
  /** Entry methods by SPIFFE ID of the caller: only requests that came in by them lead to a call. @default {} */
  entries: withDefault(recordOf(listOf(text(METHOD_PATH), 'method paths')), {}),
});

/** What a process knows of signed contexts. */
const context = object({
  /** SPIFFE ID of the edge service, which signs them. @default nobody */
  signer: optional(text(SPIFFE_ID)),
  /**
   * Rules by method path; EVERY_METHOD stands for every method without one of its own. The edge service
   * has those of the methods that it routes to, every other service its own. @default {}, which refuses all
   */
  methods: withDefault(recordOf(methodRule), {}),
});

/** How many calls of all clients of a process together are sent again. */
const retryBudget = object({
  /** Sent again, of a hundred calls. */
  percentOfCalls: whole(0, 100),
  /** Sent again in a second however few calls there are. */
  minimumPerSecond: whole(0, 1_000),
});

/** How a replica leaves: first it says so, then it stops accepting, then it waits for its calls. */
const drain = object({
  /** Time between 'not ready' and 'stop accepting', for health checkers to notice. @default 0 */
  noticeMs: withDefault(whole(0, 60_000), 0),
  /** Time that calls in flight get to finish. @default 8000 */
  graceMs: withDefault(whole(0, 600_000), 8_000),
});

/** A process's own configuration: the content of service.json, which components/service writes. */
export const SERVICE_CONFIGURATION = object({
  service: text(LABEL),
  version: text(NOT_EMPTY),
  /** Unique in the platform, such as 'catalog-b-0'. */
  instance: text(LABEL),
  zone: text(LABEL),
  /** The environment's name, such as 'local'. */
  environment: text(LABEL),
  namespace: text(LABEL),
  spiffeId: text(SPIFFE_ID),
  /** Folder of tls.crt, tls.key and ca.crt, relative to the working directory. */
  identityFolder: text(NOT_EMPTY),
  /** Absent for a task, which serves nothing. */
  listen: optional(listenAddress),
  /** Where health is served over plain HTTP, and metrics too without `metrics`; absent for a task. */
  ops: optional(listenAddress),
  /** @default metrics are served at `ops` */
  metrics: optional(metricsAddress),
  /** SPIFFE IDs that may call, by method path or EVERY_METHOD. @default {} */
  allow: withDefault(recordOf(spiffeIds), {}),
  context: withDefault(context, {}),
  limits: withDefault(serverLimits, {}),
  /**
   * Connections of its pool to a database; those that do not serve requests come beside them.
   * components/model/database-connections.ts has all of them fit into the server. @default 10
   */
  databaseConnections: withDefault(whole(1, 1_000), 10),
  /** How often callers may ask, by class; only the edge service has any. @default {} */
  rateLimits: withDefault(recordOf(RATE_LIMIT), {}),
  /**
   * How many calls of all its clients together are sent again when a peer is away. Only the edge service
   * has one: where each service tries again for itself, their attempts multiply.
   * @default none, and every call is sent once
   */
  retryBudget: optional(retryBudget),
  drain: withDefault(drain, {}),
  /** Age at which a connection is closed gracefully, so that new replicas get calls. @default 30 */
  connectionMaxAgeSeconds: withDefault(whole(1, 86_400), 30),
  /** Least level that is logged. @default 'info' */
  logLevel: withDefault(oneOf(['debug', 'info', 'warn', 'error']), 'info'),
  /**
   * Traces that are sampled, of a hundred that begin in this process; those that began elsewhere have been
   * decided on. @default 100
   */
  traceSamplePercent: withDefault(whole(0, 100), 100),
});

export type ListenAddress = Read<typeof listenAddress>;
export type MetricsAddress = Read<typeof metricsAddress>;
export type MethodRule = Read<typeof methodRule>;
export type ContextConfiguration = Read<typeof context>;
export type RetryBudgetConfiguration = Read<typeof retryBudget>;
export type DrainSettings = Read<typeof drain>;

/** service.json as a process has it, with every default filled in. */
export type ServiceConfiguration = Read<typeof SERVICE_CONFIGURATION>;

/** The place of a process, which the file of all pods of a service leaves to their environment. */
type Place = 'instance' | 'zone';

/** service.json as it is written. */
export type ServiceConfigurationFile = Omit<Written<typeof SERVICE_CONFIGURATION>, Place> &
  Partial<Pick<Written<typeof SERVICE_CONFIGURATION>, Place>>;
