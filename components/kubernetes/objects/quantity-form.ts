import type { ObjectProblem } from './object-problem.ts';

/** Source: Kubernetes 1.36.3, apimachinery, pkg/api/resource/quantity.go, ParseQuantity. */
const QUANTITY = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

const RULE =
  "must be a quantity of Kubernetes, a number and right after it Ki, Mi, Gi, Ti, k, M, G, T or m, such as '20Gi'";

/** What has amounts of resources by their names. */
const AMOUNTS = new Set(['requests', 'limits', 'hard']);

/** What has the size of a volume: of engines in their operators' hands and in values of charts. */
const OF_VOLUME = /storage|persist|volume/i;

/**
 * The amounts that no cluster can read, however deep: to a schema they are texts, and whoever reads the object refuses it when a
 * deployment is under way.
 */
export function quantityFormProblems(
  value: unknown,
  keys: readonly string[] = [],
): readonly ObjectProblem[] {
  if (typeof value === 'string') {
    if (!isAmount(keys) || QUANTITY.test(value)) return [];
    return [{ property: keys.join('.'), rule: RULE, given: `'${value}'` }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    quantityFormProblems(member, [...keys, key]),
  );
}

function isAmount(keys: readonly string[]): boolean {
  const [key = ''] = keys.slice(-1);
  const above = keys.slice(0, -1);
  if (key === 'size' || key === 'sizeLimit') return above.some((each) => OF_VOLUME.test(each));
  return AMOUNTS.has(above.at(-1) ?? '');
}
