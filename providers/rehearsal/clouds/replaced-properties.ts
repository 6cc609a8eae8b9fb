import type { PropertyPath } from '../provider/property-path.ts';
import { isRecord } from '../provider/property-values.ts';
import type { Properties } from '../provider/property-values.ts';
import { CONDITIONS } from './replaced/conditions.ts';
import type { Outcome } from './replaced/conditions.ts';
import { replacementFacts } from './replaced/replacement-facts.ts';
import type { ReplacementFact } from './replaced/replacement-facts.ts';

/** Inputs of a resource on both sides of a change. */
export interface ChangedInputs {
  readonly before: Properties;
  readonly after: Properties;
}

/** Whether a type is one of a cloud's, of which the facts speak. */
export function isOfCloud(type: string): boolean {
  return /^(?:aws|cloudflare|random):/.test(type);
}

/**
 * What becomes of a resource of a cloud by another value at the path. Without the inputs nothing is said of what a condition decides.
 *
 * @param type such as 'aws:rds/cluster:Cluster'; of one that the facts do not have nothing is known
 */
export function cloudReplacement(
  type: string,
  path: PropertyPath,
  inputs?: ChangedInputs,
): Outcome {
  const facts = replacementFacts().types[type];
  if (facts === undefined) return 'unknown';
  const [first] = path;
  // Source: terraform-provider-aws, internal/provider/sdkv2 forceNewIfRegionChanges:14, and likewise of the framework
  if (first === 'region' && type.startsWith('aws:')) return ofRegion(inputs);
  const conditions = CONDITIONS[type] ?? {};
  const outcomes = [...new Set([...Object.keys(facts), ...Object.keys(conditions)])]
    .filter((property) => isAt(path, property.split('.')))
    .map((property): Outcome => {
      const condition = conditions[property];
      if (condition !== undefined) {
        return inputs === undefined ? 'unknown' : condition(inputs.before, inputs.after);
      }
      const fact = facts[property];
      return fact === undefined ? 'kept' : outcomeOf(fact, property.split('.'), path, inputs);
    });
  return (['replaced', 'unknown'] as const).find((one) => outcomes.includes(one)) ?? 'kept';
}

/** A region that was not said is one that only the environment of a deployment knows; it may be the same. */
function ofRegion(inputs: ChangedInputs | undefined): Outcome {
  const isSaid = [inputs?.before, inputs?.after].every((side) => side?.['region'] !== undefined);
  return inputs === undefined || isSaid ? 'replaced' : 'unknown';
}

function outcomeOf(
  { when }: ReplacementFact,
  property: readonly string[],
  path: PropertyPath,
  inputs: ChangedInputs | undefined,
): Outcome {
  if (when === 'condition') return 'unknown';
  if (inputs === undefined)
    return when === 'block' && path.length > property.length ? 'kept' : 'replaced';
  const before = valuesAt(inputs.before, property);
  const after = valuesAt(inputs.after, property);
  if (when === 'block') return (before.length === 0) === (after.length === 0) ? 'kept' : 'replaced';
  // What the cloud chose before it keeps where nobody chooses any more.
  if (when === 'given' && after.length === 0) return 'kept';
  return before.length === 0 && after.length === 0 ? 'kept' : 'replaced';
}

/** What is there at a path of keys; `*` is every member of a list. */
function valuesAt(value: unknown, [key, ...rest]: readonly string[]): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (key === undefined) return [value];
  if (key === '*') return Array.isArray(value) ? value.flatMap((one) => valuesAt(one, rest)) : [];
  return isRecord(value) ? valuesAt(value[key], rest) : [];
}

/** Whether a path is that of a property, or below it or above it. */
function isAt(path: PropertyPath, property: readonly string[]): boolean {
  return property.every((key, depth) => path.length <= depth || key === '*' || path[depth] === key);
}
