import { methodPath } from '@meridian/language/method.ts';
import { methodAccess } from './actor.ts';
import { allowListOf } from './allow-list.ts';
import { poolSize } from './database-connections.ts';
import { callEdges, entriesByService } from './declared-calls.ts';
import { withEdgeCalls } from './edge-calls.ts';
import type {
  CallEdge,
  EntryPaths,
  MethodNode,
  PlatformGraph,
  ServiceNode,
  TopicNode,
} from './graph.ts';
import { measuredScale } from './measured-scale.ts';
import { externalNodes } from './external-nodes.ts';
import { httpRoutes, webhookRoutes } from './http-route.ts';
import type { ObjectivesNode } from './objectives.ts';
import { compareText, sortedByName, sortedUnique } from './order.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { PlatformProps } from './platform.ts';
import type { AnyService } from './service.ts';
import type { Topic } from '@meridian/language/topic.ts';
import { declaredDemands } from './validate/connection-problems.ts';
import { platformProblems } from './validate/platform-problems.ts';

/**
 * Derives the graph from the declarations. Throws CodedError GRAPH_INVALID, which lists every
 * problem of the platform at once.
 */
export function buildGraph(given: PlatformProps): PlatformGraph {
  const props = { ...given, services: withEdgeCalls(given.services) };
  const problems = platformProblems(props);
  if (problems.length > 0) {
    const list = problems.map((problem) => `\n  - ${problem}`).join('');
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    throw new CodedError('GRAPH_INVALID', `Platform '${props.name}' has ${count}:${list}`, {
      problems,
    });
  }
  const tasks = props.tasks ?? [];
  const calls = [...props.services, ...tasks].flatMap(callEdges).toSorted(compareEdges);
  const entries = entriesByService(props.services, calls);
  const services = sortedByName(
    props.services.map((service) => ({
      ...serviceNode(service, entries[service.name] ?? {}),
      scale: measuredScale(service.scale, props.measured?.[service.name]),
    })),
  );
  return {
    name: props.name,
    trustDomain: props.trustDomain,
    namespace: props.name,
    zones: sortedByName(props.zones.map(({ name, network }) => ({ name, network }))),
    databasePool: poolSize(declaredDemands(props.services)),
    services,
    tasks: sortedByName(
      tasks.map(({ name, summary, entry, inputs = [] }) => ({ name, summary, entry, inputs })),
    ),
    calls,
    topics: topicNodes(props.services),
    externals: externalNodes(props.services),
    allow: Object.fromEntries(
      services.map((service) => [service.name, allowListOf(service, calls)]),
    ),
    entries,
  };
}

function serviceNode(service: AnyService, entries: EntryPaths): Omit<ServiceNode, 'scale'> {
  const { name, summary, owner, slot, exposure, limits, implemented } = service;
  return {
    name,
    summary,
    owner,
    slot,
    contract: service.contract?.typeName ?? null,
    methods: methodNodes(service, entries),
    exposure,
    limits: { ...limits },
    rateLimits: { ...service.rateLimits },
    objectives: objectivesNode(service),
    alerts: sortedByName(
      service.alerts.map((alert) => ({ above: 0, needsEvents: false, ...alert })),
    ),
    stores: service.stores
      .map((store) => ({ ...store }))
      .toSorted((left, right) => compareText(left.binding, right.binding)),
    signs: service.signs.toSorted(compareText),
    implemented,
  };
}

/** Operations by their names in the contract, as everything else of the graph has them. */
function objectivesNode({ contract, objectives }: AnyService): ObjectivesNode {
  const { operations = {}, freshness = [], ...requests } = objectives;
  const given = (contract?.methods ?? []).flatMap(({ name, localName }) => {
    const own = operations[localName];
    return own === undefined ? [] : [[name, { ...own }] as const];
  });
  return {
    ...requests,
    operations: Object.fromEntries(given.toSorted(([one], [other]) => compareText(one, other))),
    freshness: sortedByName(freshness.map((objective) => ({ ...objective }))),
  };
}

function methodNodes(service: AnyService, entries: EntryPaths): readonly MethodNode[] {
  const methods = service.contract?.methods ?? [];
  return sortedByName(
    methods.map((method) => {
      const path = methodPath(method);
      const routes = httpRoutes(method);
      const entered = Object.keys(entries[path] ?? {}).length > 0;
      return {
        name: method.name,
        path,
        kind: method.methodKind,
        routes,
        webhooks: webhookRoutes(method),
        ...methodAccess(service, method, { routed: routes.length > 0, entered }),
      };
    }),
  );
}

function compareEdges(left: CallEdge, right: CallEdge): number {
  return compareText(left.from, right.from) || compareText(left.to, right.to);
}

function topicNodes(services: readonly AnyService[]): readonly TopicNode[] {
  const topics = new Map<string, Topic>(
    services.flatMap(({ publishes, consumes }) =>
      [...publishes, ...consumes].map((topic) => [topic.name, topic] as const),
    ),
  );
  const namesOf = (has: (service: AnyService) => boolean) =>
    sortedUnique(services.filter(has).map((service) => service.name));
  return sortedByName(
    [...topics.values()].map(({ name, key, partitions, replication, retentionDays }) => ({
      name,
      key,
      partitions,
      replication,
      retentionDays,
      publishers: namesOf(({ publishes }) => publishes.some((topic) => topic.name === name)),
      consumers: namesOf(({ consumes }) => consumes.some((topic) => topic.name === name)),
    })),
  );
}
