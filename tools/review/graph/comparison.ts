import type { LandedGraph } from '@meridian/components/model/landed.ts';
import type { DeclaredPlatform } from '../../../infra/declared-file.ts';
import type { DeclarationReference, Finding } from '../finding.ts';

/** What two revisions declare, as all comparators see it. */
export interface Comparison {
  readonly base: DeclaredPlatform;
  readonly head: DeclaredPlatform;
}

/** What a method is to a reader: 'payments.ListPayments'. */
export interface MethodReference {
  readonly service: string;
  readonly method: string;
}

/** The method of a graph that has a path on the wire; undefined where none has. */
export function methodAt(graph: LandedGraph, path: string): MethodReference | undefined {
  const known = METHODS.get(graph) ?? methodsByPath(graph);
  METHODS.set(graph, known);
  return known.get(path);
}

/** By graph, since a large one is asked for each of its calls. */
const METHODS = new WeakMap<LandedGraph, ReadonlyMap<string, MethodReference>>();

function methodsByPath({ services }: LandedGraph): ReadonlyMap<string, MethodReference> {
  return new Map(
    services.flatMap(({ name, methods }) =>
      methods.map((method) => [method.path, { service: name, method: method.name }] as const),
    ),
  );
}

/**
 * Whether a method changes anything, by its contract. Where either revision says that it does, it does: a change that
 * calls a write a read is not believed.
 */
export function isWrite({ base, head }: Comparison, path: string): boolean {
  const said = [base, head].flatMap(({ contracts }) => contracts.methods[path]?.writes ?? []);
  return said.length === 0 || said.includes(true);
}

/** A finding of a member of a declaration. */
export function ofMember(
  declaration: string,
  member: string,
  finding: Omit<Finding, 'from'> & { readonly word?: string },
): Finding {
  const { word, ...rest } = finding;
  const from: DeclarationReference =
    word === undefined ? { declaration, member } : { declaration, member, word };
  return { ...rest, from };
}

/** What of two lists only the second has. */
export function addedTo<Item>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  return after.filter((item) => !before.includes(item));
}

/** Items of two lists by what names them: those of one side alone, and the pairs. */
export function matched<Item>(
  before: readonly Item[],
  after: readonly Item[],
  nameOf: (item: Item) => string,
): {
  readonly gone: readonly Item[];
  readonly come: readonly Item[];
  readonly both: readonly (readonly [Item, Item])[];
} {
  const [old, now] = [before, after].map(
    (items) => new Map(items.map((one) => [nameOf(one), one])),
  );
  return {
    gone: before.filter((one) => now?.has(nameOf(one)) === false),
    come: after.filter((one) => old?.has(nameOf(one)) === false),
    both: after.flatMap((one) => {
      const former = old?.get(nameOf(one));
      return former === undefined ? [] : [[former, one] as const];
    }),
  };
}

/** Names as they stand in a sentence: 'a, b and 3 more'. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.length > most + 1 ? names.slice(0, most) : names;
  const more = names.length - shown.length;
  const parts = more === 0 ? shown : [...shown, `${more} more`];
  return parts.length < 2
    ? parts.join('')
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
