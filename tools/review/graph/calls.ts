import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Finding } from '../finding.ts';
import { isWrite, methodAt, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { ANONYMOUS, people, reachOf } from './reach.ts';
import type { Reach } from './reach.ts';

/** One method that one caller may call. */
interface OneCall {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** Calls that are declared now, and those that no longer are; those of the edge that routes make are told as routes. */
export function callFindings(comparison: Comparison): readonly Finding[] {
  const { base, head } = comparison;
  const [before, after] = [base.graph, head.graph].map(callsOf) as [OneCall[], OneCall[]];
  const [old, now] = [before, after].map((calls) => new Set(calls.map(keyOf)));
  const isHere = ({ services, tasks }: PlatformGraph, name: string) =>
    [...services, ...tasks].some((one) => one.name === name);
  return [
    ...after
      .filter((call) => old?.has(keyOf(call)) === false)
      .map((call) => addedCall(comparison, call)),
    ...before
      .filter((call) => now?.has(keyOf(call)) === false)
      // What went with its caller or its callee is told with that.
      .filter(({ from, to }) => isHere(head.graph, from) && isHere(head.graph, to))
      .map((call) => removedCall(comparison, call)),
  ];
}

function callsOf(graph: PlatformGraph): OneCall[] {
  const reached = new Set([...reachOf(graph).values()].map(({ path }) => path));
  const edges = graph.services
    .filter(({ exposure }) => exposure === 'edge')
    .map(({ name }) => name);
  return graph.calls
    .flatMap(({ from, to, methods }) => methods.map((path) => ({ from, to, path })))
    .filter(({ from, path }) => !(edges.includes(from) && reached.has(path)));
}

function keyOf({ from, to, path }: OneCall): string {
  return `${from} ${to} ${path}`;
}

function addedCall(comparison: Comparison, { from, to, path }: OneCall): Finding {
  const { graph } = comparison.head;
  const method = methodAt(graph, path)?.method ?? path;
  const writes = isWrite(comparison, path);
  // Connections are opened between two once, whatever is asked by them.
  const isFirst = !comparison.base.graph.calls.some((one) => one.from === from && one.to === to);
  const opened = isFirst
    ? 'opens a NetworkPolicy and an allow-list'
    : 'is one method more on an allow-list';
  const opens = writes ? `${from} may change what ${to} keeps` : opened;
  return ofMember(declarationOf(graph, from), 'calls', {
    kind: writes ? 'writer-added' : 'call-added',
    subject: `${from} → ${to}.${method}`,
    among: 'calls',
    word: method,
    consequence: `${opens}; ${ledToBy(graph, { from, to, path })}`,
  });
}

function removedCall(comparison: Comparison, { from, to, path }: OneCall): Finding {
  const method = methodAt(comparison.base.graph, path)?.method ?? path;
  return ofMember(declarationOf(comparison.base.graph, from), 'calls', {
    kind: 'call-removed',
    subject: `${from} → ${to}.${method}`,
    among: 'calls',
    word: method,
    consequence: `a replica of ${from} that still calls it is refused`,
  });
}

/** Who outside can cause a call: those who may ask for a method that is an entry of it. */
function ledToBy(graph: PlatformGraph, { from, to, path }: OneCall): string {
  const entries = graph.entries[to]?.[path]?.[from] ?? [];
  const reached = [...reachOf(graph).values()].filter((one) => entries.includes(one.path));
  if (reached.length === 0) return 'no path from a user uses it';
  const told: string[] = [];
  const known = new Set<string>();
  // The widest first; who may do so by another route as well is told of by one.
  const audiences = [...Map.groupBy(reached, ({ who }) => people(who))].toSorted(
    ([, [one]], [, [other]]) => widthOf(other) - widthOf(one),
  );
  for (const [name, ways] of audiences) {
    const who = ways.flatMap((way) => (way.routes.length === 0 ? [OUTSIDE] : way.who));
    if (who.every((one) => known.has(one) || (known.has(ANONYMOUS) && one !== OUTSIDE))) continue;
    for (const one of who) known.add(one);
    const routes = ways.flatMap(({ routes: [first], webhooks: [hook] }) => first ?? hook ?? []);
    const ask = told.length === 0 ? ' can lead to it' : '';
    told.push(`${who.includes(OUTSIDE) ? OUTSIDE : name}${ask} by ${inShort(routes)}`);
  }
  return told.join(', ');
}

/** One of several routes, and how many there are besides. */
function inShort([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** Who sends to a webhook, with no account at all. */
const OUTSIDE = 'a system outside';

/** How many may ask: anybody is more than all roles. */
function widthOf(reach: Reach | undefined): number {
  const who = reach?.who ?? [];
  return who.includes(ANONYMOUS) ? Infinity : who.length;
}

function declarationOf({ services }: PlatformGraph, name: string): string {
  return services.some((one) => one.name === name) ? `service ${name}` : `task ${name}`;
}
