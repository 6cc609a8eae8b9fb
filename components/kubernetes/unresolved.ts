import { chartReference } from './chart-reference.ts';
import type { PodsStack } from './lower-kubernetes.ts';
import { UNRESOLVED } from './manifest.ts';
import { chartsOf, partsOf } from './parts-of.ts';

/** Alone as a version or digest, or at the end of an image's reference. */
const OPEN = new RegExp(`(^|[@:])${UNRESOLVED}$`);

/**
 * What nobody has looked up yet, in everything of a stack: no cluster can pull an image or a chart
 * without it.
 *
 * @param pins digests of what has been looked up, by reference
 */
export function unresolvedProblems(
  stack: PodsStack,
  pins: Readonly<Record<string, string>>,
): readonly string[] {
  // Said in the words of a service, and not as deep as its objects have it.
  const service = Object.fromEntries(stack.services.map((each) => [each.name, each]));
  const others = Object.entries(partsOf(stack)).filter(([noun]) => noun !== 'services');
  const charts = chartsOf(stack)
    .filter(({ version }) => version !== UNRESOLVED)
    .map(chartReference)
    .filter((reference) => pins[reference] === undefined)
    .map((reference) => `chart ${reference}`);
  return [...charts, ...pathsOf({ ...Object.fromEntries(others), service }, '')].map(
    (place) =>
      `Stack '${stack.place.environment}': ${place} must be looked up before a deployment, got '${UNRESOLVED}'; publish the image or chart, then run 'npm run pins'`,
  );
}

function pathsOf(value: unknown, path: string): readonly string[] {
  if (typeof value === 'string') return OPEN.test(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const name = Array.isArray(value) ? (nameOf(member) ?? key) : key;
    return pathsOf(member, path === '' ? name : `${path}.${name}`);
  });
}

/** What a member of a list is called, if it says so: an object of a cluster, a chart, a container. */
function nameOf(member: unknown): string | undefined {
  if (typeof member !== 'object' || member === null) return undefined;
  const { kind, metadata, name } = member as {
    readonly kind?: string;
    readonly metadata?: { readonly name: string };
    readonly name?: string;
  };
  return metadata === undefined ? name : `(${String(kind)} ${metadata.name})`;
}
