import type { PlatformGraph } from './graph.ts';
import { compareText } from './order.ts';

/** Canonical JSON: keys sorted by code unit, two spaces of indentation, one newline at the end. */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(value, sortKeys, 2)}\n`;
}

/** The graph as text; two builds of the same declarations give the same bytes. */
export function serialiseGraph(graph: PlatformGraph): string {
  return canonicalJson(graph);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([left], [right]) => compareText(left, right)),
  );
}
