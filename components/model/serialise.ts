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

/** The graph that serialiseGraph wrote. Throws SyntaxError on text that is not JSON. */
export function parseGraph(text: string): PlatformGraph {
  // The text is this program's own output, not a user's input: its shape is taken as given.
  return JSON.parse(text) as PlatformGraph;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([left], [right]) => compareText(left, right)),
  );
}
