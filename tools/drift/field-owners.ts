import type { Step } from './differences.ts';

/** Who wrote which fields of an object. Source: Kubernetes, meta/v1, ManagedFieldsEntry */
export interface ManagedFields {
  /** Such as 'kubectl-edit'. */
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  /** RFC 3339. */
  readonly time?: string;
  /** Such as 'status'. */
  readonly subresource?: string;
  readonly fieldsV1?: FieldSet;
}

/**
 * Fields as `f:<name>`, elements of lists as `k:<their keys>`; what has nothing below it is written as a whole. Source:
 * structured-merge-diff 6, fieldpath/serialize.go
 */
interface FieldSet {
  readonly [step: string]: FieldSet;
}

/** By whom and when something was written. */
export interface Writer {
  readonly manager: string;
  /** RFC 3339. */
  readonly at?: string;
}

/**
 * How Pulumi's provider calls itself: each of its resources is another manager. Source: pulumi-kubernetes 4.25,
 * provider/pkg/provider/provider.go, fieldManagerName
 */
const PULUMI = /^pulumi-kubernetes(-[0-9a-f]+)?$/;

/** Who deploys; Helm 3 and 4 are told by the name of the program. */
const DEPLOYERS = [PULUMI, /^helm$/, /^pulumi-resource-kubernetes$/];

/** As whom an object is asked about that nobody has applied. */
const OF_OUR_OWN = 'meridian-drift';

/** As whom the deployment applied an object: what it has applied before, and would no more, then differs too. */
export function applierOf(entries: readonly ManagedFields[]): string {
  const applied = entries.find(
    ({ manager, operation, subresource }) =>
      operation === 'Apply' && subresource === undefined && PULUMI.test(manager ?? ''),
  );
  return applied?.manager ?? OF_OUR_OWN;
}

/**
 * Who wrote a field last, the deployment apart. Undefined where nobody else did: a field that somebody has removed has
 * no writer any more.
 */
export function writerOf(
  entries: readonly ManagedFields[],
  path: readonly Step[],
): Writer | undefined {
  const writers = entries
    .filter(({ manager = '' }) => !DEPLOYERS.some((deployer) => deployer.test(manager)))
    .filter(({ fieldsV1 = {} }) => owns(fieldsV1, path))
    .toSorted((one, other) => (one.time ?? '').localeCompare(other.time ?? ''));
  const last = writers.at(-1);
  if (last === undefined) return undefined;
  return {
    manager: last.manager ?? 'somebody without a name',
    ...(last.time === undefined ? {} : { at: last.time }),
  };
}

/** What people work with names itself so, and no controller does. Source: kubectl 1.36, `--field-manager` of each command */
const BY_HAND = /^kubectl(-|$)/;

/** The fields that people have written. */
export function writtenByHand(entries: readonly ManagedFields[]): readonly (readonly Step[])[] {
  return entries
    .filter(({ manager = '', subresource }) => subresource === undefined && BY_HAND.test(manager))
    .flatMap(({ fieldsV1 = {} }) => leavesOf(fieldsV1));
}

function leavesOf(fields: FieldSet, path: readonly Step[] = []): readonly (readonly Step[])[] {
  const below = Object.entries(fields).flatMap(([key, inner]) => {
    const step = stepOf(key);
    return step === undefined ? [] : leavesOf(inner, [...path, step]);
  });
  return below.length > 0 || path.length === 0 ? below : [path];
}

/** Undefined for the dot, and for elements that no name tells apart. */
function stepOf(key: string): Step | undefined {
  if (key.startsWith('f:')) return key.slice(2);
  if (!key.startsWith('k:')) return undefined;
  const { name } = JSON.parse(key.slice(2)) as { readonly name?: unknown };
  return typeof name === 'string' ? { element: name } : undefined;
}

function owns(fields: FieldSet, [step, ...rest]: readonly Step[]): boolean {
  // All that is below something is its writer's, where nothing below is told apart.
  const below = Object.keys(fields).filter((key) => key !== '.');
  if (step === undefined || below.length === 0) return true;
  if (typeof step === 'string') {
    const field = fields[`f:${step}`];
    return field !== undefined && owns(field, rest);
  }
  const elements = below.filter((key) => key.startsWith('k:') || key.startsWith('v:'));
  return elements.some(
    (key) =>
      (typeof step === 'number' || hasName(key, step.element)) && owns(fields[key] ?? {}, rest),
  );
}

function hasName(key: string, name: string): boolean {
  if (!key.startsWith('k:')) return false;
  return (JSON.parse(key.slice(2)) as { readonly name?: unknown }).name === name;
}
