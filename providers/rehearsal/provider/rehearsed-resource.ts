import type { Unsaid } from '../clouds/cloud-outputs.ts';
import type { PropertyChange } from './detailed-diff.ts';
import type { PropertyPath } from './property-path.ts';
import type { Properties } from './property-values.ts';

/** Said by every output, so that nobody takes it for a cluster's. */
export const REHEARSAL = 'This is a rehearsal: no cluster was asked, and nothing was made.';

/** What a rehearsal thinks of inputs. */
export interface Checked {
  readonly inputs: Properties;
  /** Each names the property and what is allowed. */
  readonly problems: readonly string[];
}

/** A change, and whether the resource has to be replaced for it. */
export interface RehearsedChange extends PropertyChange {
  readonly replaces: boolean;
  /** Whether the program's inputs differ there, and not only what follows from them. */
  readonly ofInputs: boolean;
}

/** What a resource was before: what the program gave, and what the provider answered. */
export interface Before {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A kind of resource in a rehearsal. */
export interface RehearsedResource {
  /** @param provider what the provider of the resource was told */
  check(inputs: Properties, provider?: Properties): Checked;
  changes(before: Before, inputs: Properties): readonly RehearsedChange[];
  /** Why it cannot become what is wanted, each with its property and what is allowed. */
  refusals(before: Before, inputs: Properties): readonly string[];
  /** The identity that the real provider gives, from the inputs alone. */
  id(inputs: Properties): string;
  outputs(inputs: Properties, unsaid?: Unsaid): Properties;
  /** Whether its outputs say themselves what is not known yet. @default whatever is not an input is unknown */
  readonly fillsIn?: boolean;
}

/** The member at a path of names, undefined where there is none. */
export function memberAt(value: unknown, path: PropertyPath): unknown {
  return path.reduce<unknown>(
    (member, key) =>
      typeof member === 'object' && member !== null ? Reflect.get(member, key) : undefined,
    value,
  );
}
