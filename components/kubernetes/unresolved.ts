import type { KubernetesStack } from './lower-kubernetes.ts';
import { UNRESOLVED } from './manifest.ts';
import { partsOf } from './parts-of.ts';

/** Alone as a version or digest, or at the end of an image's reference. */
const OPEN = new RegExp(`(^|[@:])${UNRESOLVED}$`);

/**
 * What nobody has looked up yet, in everything that would be created: no cluster can pull an image or
 * a chart without it.
 *
 * @param landed names of the services and tasks that have code; of the others nothing is created
 */
export function unresolvedProblems(
  stack: KubernetesStack,
  landed: readonly string[],
): readonly string[] {
  const isLanded = ({ name }: { readonly name: string }): boolean => landed.includes(name);
  const byName = (members: readonly { readonly name: string }[]) =>
    Object.fromEntries(members.filter(isLanded).map((member) => [member.name, member]));
  const created = {
    ...partsOf(stack),
    rollouts: Object.fromEntries(
      Object.entries(stack.rollouts).filter(([name]) => isLanded({ name })),
    ),
    tasks: byName(stack.tasks),
    service: byName(stack.services),
  };
  return pathsOf(created, '').map(
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
