import type { PlatformGraph } from '../model/graph.ts';

/** Labels by name. */
export type Labels = Readonly<Record<string, string>>;

/**
 * What selects the pods of a service or task. It never changes, so neither a version nor a colour
 * is part of it.
 */
export function selectorLabels(graph: PlatformGraph, name: string): Labels {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/part-of': graph.name,
  };
}
