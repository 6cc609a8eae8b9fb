import { ENGINE_USERS } from '@meridian/components/engine-users.ts';
import type { PlatformGraph, ServiceNode } from '@meridian/components/model/graph.ts';
import { operationObjectives } from '@meridian/components/model/objectives.ts';
import { compareText } from '@meridian/components/model/order.ts';
import type { EdgeKind, PlatformNode } from './edge-view.ts';

/** Where requests come from: whoever is outside. */
export const USERS = 'users';

/** An edge that the graph declares. */
export interface DeclaredEdge {
  readonly id: string;
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
  /** The topic or database that it is about; empty for calls. */
  readonly about: string;
  /** Beyond it, it is too slow. */
  readonly limitSeconds: number;
}

/** An event is published some tenths of a second after its change. */
const PUBLISHED_WITHIN_SECONDS = 30;
const HANDLED_WITHIN_SECONDS = 60;

/** The id of an edge, the same in every view. */
export function edgeId(from: string, to: string): string {
  return `${from}>${to}`;
}

/** Every edge between what runs all the time; programs that are run on demand have none. */
export function declaredEdges(graph: PlatformGraph): readonly DeclaredEdge[] {
  return [
    ...graph.services.flatMap((service) => [...requests(graph, service), ...stores(service)]),
    ...calls(graph),
    ...events(graph),
    ...graph.externals.flatMap(({ name, users }) =>
      users.map((user) => edge('external', user, name, 60)),
    ),
  ].toSorted((one, other) => compareText(one.id, other.id));
}

function edge(
  kind: EdgeKind,
  from: string,
  to: string,
  limitSeconds: number,
  about = '',
): DeclaredEdge {
  return { id: edgeId(from, to), kind, from, to, about, limitSeconds };
}

/** The slowest that is promised of an operation of a service behind the edge is what a user waits for. */
function requests(graph: PlatformGraph, service: ServiceNode): readonly DeclaredEdge[] {
  if (service.exposure !== 'edge') return [];
  const limits = graph.services
    .filter(({ methods }) => methods.some(({ routes }) => routes.length > 0))
    .map(slowest);
  return [edge('request', USERS, service.name, Math.max(0.2, ...limits))];
}

function slowest(service: ServiceNode): number {
  const { objectives, methods } = service;
  const each = methods.map((method) => operationObjectives(objectives, method).latencyP99Ms);
  return Math.max(objectives.latencyP99Ms, ...each) / 1_000;
}

function calls(graph: PlatformGraph): readonly DeclaredEdge[] {
  const services = new Map(graph.services.map((service) => [service.name, service]));
  return graph.calls.flatMap(({ from, to, methods }) => {
    const callee = services.get(to);
    if (!services.has(from) || callee === undefined) return [];
    const called = callee.methods.filter(({ path }) => methods.includes(path));
    return [edge('call', from, to, slowest({ ...callee, methods: called }))];
  });
}

/** A store that takes longer than the whole answer may is too slow, whatever else is. */
function stores(service: ServiceNode): readonly DeclaredEdge[] {
  const limit = service.objectives.latencyP99Ms / 1_000;
  const used = service.stores.filter(({ implemented }) => implemented);
  return [...Map.groupBy(used, ({ kind }) => kind)].map(([kind, members]) =>
    edge('store', service.name, kind, limit, members.map(({ name }) => name).join(', ')),
  );
}

function events({ topics, services }: PlatformGraph): readonly DeclaredEdge[] {
  const freshness = (name: string): number => {
    const promised = services
      .filter((service) => service.name === name)
      .flatMap(({ objectives }) => objectives.freshness)
      .map(({ withinSeconds }) => withinSeconds);
    return promised.length === 0 ? HANDLED_WITHIN_SECONDS : Math.min(...promised);
  };
  return topics.flatMap(({ name, publishers, consumers }) => [
    ...publishers.map((from) => edge('publish', from, name, PUBLISHED_WITHIN_SECONDS)),
    ...consumers.map((to) => edge('consume', name, to, freshness(to))),
  ]);
}

/** Everything that edges join; a topic is up as the engine that keeps it is. */
export function declaredNodes(graph: PlatformGraph): readonly PlatformNode[] {
  const { kafka, ...others } = ENGINE_USERS;
  const engines = Object.values(others)
    .filter(({ isUsedBy }) => graph.services.some((service) => isUsedBy(graph, service)))
    .map(({ job }) => job)
    .toSorted(compareText);
  return [
    { id: USERS, kind: 'users', job: null },
    ...graph.services.map(({ name }): PlatformNode => ({ id: name, kind: 'service', job: name })),
    ...engines.map((job): PlatformNode => ({ id: job, kind: 'engine', job })),
    ...graph.topics.map(({ name }): PlatformNode => ({ id: name, kind: 'topic', job: kafka.job })),
    ...graph.externals.map(({ name }): PlatformNode => ({ id: name, kind: 'external', job: null })),
  ];
}
