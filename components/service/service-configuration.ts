import { allowedSpiffeIds } from '../model/allow-list.ts';
import type { ConnectionPlan } from '../model/database-connections.ts';
import type { AllowList, PlatformGraph, ServiceNode } from '../model/graph.ts';
import { spiffeId } from '../model/spiffe.ts';
import { contextRules } from './context-rules.ts';

/** Last part of the edge's SPIFFE ID; the gateway accepts nobody else. */
export const EDGE_IDENTITY = 'edge';

/** Identity folder of a process towards other services. */
export const IDENTITY_FOLDER = 'tls';

/** Age at which a server closes a connection gracefully, so that new replicas get calls. */
export const CONNECTION_MAX_AGE_SECONDS = 30;

/**
 * How many calls the edge service sends again when a service behind it is away: a tenth of its calls, and
 * two a second however quiet it is, so that a replica that goes costs a lone reader nothing.
 */
export const RETRY_BUDGET = { percentOfCalls: 10, minimumPerSecond: 2 } as const;

/** Part of service.json; the kit's configuration.ts reads it. */
type Configuration = Readonly<Record<string, unknown>>;

/** Who a process is, wherever it runs. */
export function identityConfiguration(
  graph: PlatformGraph,
  name: string,
  { version, environment }: { readonly version: string; readonly environment: string },
): Configuration {
  return {
    service: name,
    version,
    environment,
    namespace: graph.namespace,
    spiffeId: spiffeId(graph, name),
    identityFolder: IDENTITY_FOLDER,
  };
}

/** Whom a service serves and how much it takes on, wherever it runs. */
export function servingConfiguration(
  graph: PlatformGraph,
  service: ServiceNode,
  { pool, limits }: ConnectionPlan,
): Configuration {
  return {
    allow: allowOf(graph, service),
    context: contextRules(graph, service),
    limits: service.limits,
    // Of a service that has a database.
    ...(Object.hasOwn(limits, service.name) ? { databaseConnections: pool } : {}),
    ...(service.exposure === 'edge'
      ? { rateLimits: service.rateLimits, retryBudget: RETRY_BUDGET }
      : {}),
    connectionMaxAgeSeconds: CONNECTION_MAX_AGE_SECONDS,
  };
}

/** HTTP has no method paths, so the gateway's list is for everything: only the edge may come in. */
function allowOf(graph: PlatformGraph, service: ServiceNode): AllowList {
  return service.exposure === 'edge'
    ? { '*': [spiffeId(graph, EDGE_IDENTITY)] }
    : allowedSpiffeIds(graph, service.name);
}
