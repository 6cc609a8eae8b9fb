import { isDeepStrictEqual } from 'node:util';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import type { PropertyPath } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { canonicalDigest } from './canonical-digest.ts';
import { SECRET, UNKNOWN } from './planned-inputs.ts';
import type { PlannedOperation } from './planned-operation.ts';

/** An operation that a deployment would do otherwise than it was approved. */
export interface OperationDifference {
  readonly urn: string;
  /** The operation; 'none' where nothing was approved. */
  readonly approved: string;
  /** The operation that the providers of the deployment would do. */
  readonly real: string;
  /** In which a resource is given something else, sorted by path. */
  readonly properties: readonly PropertyDifference[];
}

/** A property in which a resource is given something else: absent values are undefined, secrets are marks. */
export interface PropertyDifference {
  readonly path: string;
  readonly approved?: unknown;
  readonly real?: unknown;
}

/** What a deployment would do that nobody approved. */
export interface Drift {
  readonly differences: readonly OperationDifference[];
  /** By which it is accepted; absent where there is none. */
  readonly digest?: string;
}

/** What leaves a resource as it is. */
const IDLE: ReadonlySet<string> = new Set(['same', 'refresh', 'none']);

/**
 * Holds what real providers would do against what was approved. What was approved and is done already does not differ. Inputs
 * are compared where the rehearsal knew them; elsewhere the operation alone has to be the same.
 */
export function compareOperations(
  approved: readonly PlannedOperation[],
  real: readonly PlannedOperation[],
): Drift {
  const reviewed = new Map(approved.map((operation) => [operation.urn, operation]));
  const differences = real
    .flatMap((operation) => differenceOf(reviewed.get(operation.urn), operation) ?? [])
    .toSorted((one, other) => (one.urn < other.urn ? -1 : 1));
  return {
    differences,
    ...(differences.length === 0 ? {} : { digest: canonicalDigest(differences) }),
  };
}

function differenceOf(
  approved: PlannedOperation | undefined,
  real: PlannedOperation,
): OperationDifference | undefined {
  const operation = approved?.op ?? 'none';
  const properties =
    approved === undefined || real.inputs === undefined
      ? []
      : differencesOf(approved.inputs, real.inputs).toSorted(byPath);
  if (approved?.isProtected === true && !real.isProtected && real.op !== 'delete') {
    const protect = { path: 'protect', approved: true, real: false };
    return { urn: real.urn, approved: operation, real: real.op, properties: [protect] };
  }
  if (IDLE.has(real.op) && properties.length === 0) return undefined;
  if (operation === real.op && properties.length === 0 && replacesAlike(approved, real)) {
    return undefined;
  }
  return { urn: real.urn, approved: operation, real: real.op, properties };
}

function replacesAlike(approved: PlannedOperation | undefined, real: PlannedOperation): boolean {
  const keys = new Set(approved?.replacing);
  return real.replacing.every((key) => keys.has(key));
}

const byPath = (one: PropertyDifference, other: PropertyDifference): number =>
  one.path < other.path ? -1 : 1;

/** Where values differ, but for what is unknown to the approved one. */
function differencesOf(
  approved: unknown,
  real: unknown,
  path: PropertyPath = [],
): readonly PropertyDifference[] {
  if (isDeepStrictEqual(approved, UNKNOWN) || isDeepStrictEqual(approved, real)) return [];
  if (Array.isArray(approved) && Array.isArray(real) && approved.length === real.length) {
    return approved.flatMap((member, index) =>
      differencesOf(member, real[index], [...path, index]),
    );
  }
  if (isRecord(approved) && isRecord(real) && !isMark(approved) && !isMark(real)) {
    const keys = [...new Set([...Object.keys(approved), ...Object.keys(real)])].toSorted();
    return keys.flatMap((key) => differencesOf(approved[key], real[key], [...path, key]));
  }
  return [
    {
      path: pathText(path),
      ...(approved === undefined ? {} : { approved }),
      ...(real === undefined ? {} : { real }),
    },
  ];
}

function isMark(value: unknown): boolean {
  return isDeepStrictEqual(value, UNKNOWN) || isDeepStrictEqual(value, SECRET);
}
