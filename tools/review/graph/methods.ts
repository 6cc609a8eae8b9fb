import type { MethodNode } from '@meridian/components/model/graph.ts';
import type { Finding } from '../finding.ts';
import { addedTo, listed, matched, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { compareMembers, toldBy, unknownChange } from './members.ts';
import type { Comparators } from './members.ts';

interface OfService {
  readonly service: string;
  readonly comparison: Comparison;
  readonly now: MethodNode;
  readonly old: MethodNode;
}

const METHOD: Comparators<MethodNode, OfService> = {
  name: toldBy('the pairing of methods by their names'),
  path: (before, after, { service, comparison, now }) => [
    method(service, now.name, {
      kind: 'contract-broken',
      ...{ property: 'path', before, after },
      consequence: `${callersText(comparison, service, before)} call by the former one, which nobody serves`,
    }),
  ],
  kind: (before, after, { service, comparison, now, old }) => [
    method(service, now.name, {
      kind: 'contract-broken',
      ...{ property: 'kind', before, after },
      consequence: `${callersText(comparison, service, old.path)} call it as it was`,
    }),
  ],
  // Those that the edge leads to; a route that it does not lead to is nobody's.
  routes: (_before, _after, of) => unled(of, 'routes'),
  webhooks: (_before, _after, of) => unled(of, 'webhooks'),
  actors: (before, after, of) => {
    const come = addedTo(before, after).filter((actor) => actor === 'system');
    const gone = addedTo(after, before).filter((actor) => actor === 'system');
    // Users and nobody in particular act through it as routes, tables and calls say, and by nothing else.
    const isDerived = come.length + gone.length === 0;
    if (isDerived) return isLed(of) || followsFromEntries(of) ? [] : [unknownActors(of)];
    return [
      method(of.service, of.now.name, {
        kind: come.length > 0 ? 'rights-added' : 'rights-removed',
        property: 'runs without a user',
        before: come.length > 0 ? 'never' : 'where a caller does',
        after: come.length > 0 ? 'where a caller does' : 'never',
        member: 'systemMethods',
        consequence:
          come.length > 0
            ? `${callersText(of.comparison, of.service, of.now.path)} may call it for nobody`
            : 'what runs for no user and calls it is refused',
      }),
    ];
  },
  roles: (before, after, of) =>
    isLed(of) ? [] : [unknownChange(nameOf(of), 'roles', before, after)],
};

/** What changed of methods of a service on both sides, and those that come and go. */
export function methodFindings(
  service: string,
  before: readonly MethodNode[],
  after: readonly MethodNode[],
  comparison: Comparison,
): readonly Finding[] {
  const { gone, come, both } = matched(before, after, ({ name }) => name);
  return [
    ...gone.map((old) => removed(service, old, comparison)),
    ...come.map((now) =>
      method(service, now.name, {
        kind: 'contract-extended',
        consequence: 'those who declare it may call it',
      }),
    ),
    ...both.flatMap(([old, now]) => {
      const context = { service, comparison, old, now };
      return compareMembers(METHOD, old, now, { context, node: nameOf(context) });
    }),
  ];
}

function removed(service: string, old: MethodNode, comparison: Comparison): Finding {
  const callers = callersOf(comparison, service, old.path);
  return method(service, old.name, {
    kind: callers.length === 0 ? 'object-removed' : 'contract-broken',
    ...{ before: old.kind, after: 'none' },
    consequence:
      callers.length === 0
        ? 'nobody called it'
        : `${listed(callers)} call it as long as they are not replaced`,
  });
}

function nameOf({ service, now }: Pick<OfService, 'service' | 'now'>) {
  return {
    declaration: `service ${service}`,
    subject: `${service}.${now.name}`,
    among: 'methods',
  };
}

function callersOf({ base }: Comparison, service: string, path: string): readonly string[] {
  return base.graph.allow[service]?.[path] ?? [];
}

function callersText(comparison: Comparison, service: string, path: string): string {
  const callers = callersOf(comparison, service, path);
  return callers.length === 0 ? 'callers to come' : listed(callers);
}

/** Whether the edge leads to it, on either side: then who reaches it is told as such. */
function isLed({ service, comparison, old, now }: OfService): boolean {
  const { base, head } = comparison;
  return [
    { graph: base.graph, node: old },
    { graph: head.graph, node: now },
  ].some(({ graph, node }) => {
    const edges = graph.services.filter(({ exposure }) => exposure === 'edge');
    const callers = graph.allow[service]?.[node.path] ?? [];
    return (
      node.routes.length + node.webhooks.length > 0 &&
      edges.some(({ name }) => callers.includes(name))
    );
  });
}

/** Whether users act through a method without a route just where requests can have led to it. */
function followsFromEntries({ service, comparison: { head }, now }: OfService): boolean {
  const entered = Object.keys(head.graph.entries[service]?.[now.path] ?? {}).length > 0;
  const acts = now.actors.includes('user') || now.actors.includes('anonymous');
  return entered === acts;
}

function unknownActors(of: OfService): Finding {
  return unknownChange(nameOf(of), 'actors', of.old.actors, of.now.actors);
}

/** A route of a method that the edge does not lead to, as of a service that is not public. */
function unled(of: OfService, member: 'routes' | 'webhooks'): readonly Finding[] {
  if (isLed(of)) return [];
  return [
    {
      ...unknownChange(nameOf(of), member, of.old[member], of.now[member]),
      kind: 'object-changed',
      consequence: 'the edge leads to it by none of them',
    },
  ];
}

function method(
  service: string,
  name: string,
  {
    member = 'contract',
    ...finding
  }: Pick<Finding, 'kind' | 'property' | 'before' | 'after' | 'consequence'> & {
    readonly member?: string;
  },
): Finding {
  return ofMember(`service ${service}`, member, {
    ...finding,
    ...{ subject: `${service}.${name}`, among: 'methods', word: name },
  });
}
