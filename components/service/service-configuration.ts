import { EVERY_METHOD } from '@meridian/language/method.ts';
import type { ServiceConfigurationFile } from '@meridian/language/service-configuration.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { IDENTITY_FOLDER } from '@meridian/language/process-folder.ts';
import { allowedSpiffeIds } from '../model/allow-list.ts';
import type { ConnectionPlan } from '../model/database-connections.ts';
import type { AllowList, PlatformGraph, ServiceNode } from '../model/graph.ts';
import { canonicalJson } from '../model/serialise.ts';
import { COLLECTOR_IDENTITY, METRICS_IDENTITY_FOLDER } from '../observability/telemetry-names.ts';
import { contextRules } from './context-rules.ts';

/** Last part of the edge's SPIFFE ID; the gateway accepts nobody else. */
export const EDGE_IDENTITY = 'edge';

/** Age at which a server closes a connection gracefully, so that new replicas get calls. */
export const CONNECTION_MAX_AGE_SECONDS = 30;

/**
 * How many calls the edge service sends again when a service behind it is away: a tenth of its calls, and
 * two a second however quiet it is, so that a replica that goes costs a lone reader nothing.
 */
export const RETRY_BUDGET = { percentOfCalls: 10, minimumPerSecond: 2 } as const;

/** Who a process is, in service.json. */
export type WhoItIs = Pick<
  ServiceConfigurationFile,
  'service' | 'version' | 'environment' | 'namespace' | 'spiffeId' | 'identityFolder'
>;

/** Whom it serves, in service.json. */
type WhomItServes = Pick<
  ServiceConfigurationFile,
  | 'allow'
  | 'context'
  | 'limits'
  | 'databaseConnections'
  | 'rateLimits'
  | 'retryBudget'
  | 'connectionMaxAgeSeconds'
>;

/** service.json as a file has it. */
export function serviceFile(configuration: ServiceConfigurationFile): string {
  return canonicalJson(configuration);
}

/** Who a process is, wherever it runs. */
export function identityConfiguration(
  graph: PlatformGraph,
  name: string,
  { version, environment }: { readonly version: string; readonly environment: string },
): WhoItIs {
  return {
    service: name,
    version,
    environment,
    namespace: graph.namespace,
    spiffeId: spiffeId(graph, name),
    identityFolder: IDENTITY_FOLDER,
  };
}

/** Where a process serves its metrics, to the collector alone. */
export function scrapedMetrics(
  graph: PlatformGraph,
  { address, port }: Pick<NonNullable<ServiceConfigurationFile['metrics']>, 'address' | 'port'>,
): NonNullable<ServiceConfigurationFile['metrics']> {
  return {
    address,
    port,
    identityFolder: METRICS_IDENTITY_FOLDER,
    scraper: spiffeId(graph, COLLECTOR_IDENTITY),
  };
}

/** Whom a service serves and how much it takes on, wherever it runs. */
export function servingConfiguration(
  graph: PlatformGraph,
  service: ServiceNode,
  plan: ConnectionPlan,
): WhomItServes {
  return {
    allow: allowOf(graph, service),
    context: contextRules(graph, service),
    limits: service.limits,
    ...ofDatabase(service, plan),
    ...ofEdge(service),
    connectionMaxAgeSeconds: CONNECTION_MAX_AGE_SECONDS,
  };
}

// Each in a function that says what it returns: a key that is spelled otherwise compiles in a spread.
function ofDatabase(
  { name }: ServiceNode,
  { pool, limits }: ConnectionPlan,
): Pick<WhomItServes, 'databaseConnections'> {
  if (!Object.hasOwn(limits, name)) return {};
  return { databaseConnections: pool };
}

function ofEdge({
  exposure,
  rateLimits,
}: ServiceNode): Pick<WhomItServes, 'rateLimits' | 'retryBudget'> {
  if (exposure !== 'edge') return {};
  return { rateLimits, retryBudget: RETRY_BUDGET };
}

/** HTTP has no method paths, so the gateway's list is for everything: only the edge may come in. */
function allowOf(graph: PlatformGraph, service: ServiceNode): AllowList {
  return service.exposure === 'edge'
    ? { [EVERY_METHOD]: [spiffeId(graph, EDGE_IDENTITY)] }
    : allowedSpiffeIds(graph, service.name);
}
