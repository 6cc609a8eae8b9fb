import type { Finding } from '../finding.ts';
import { isSame } from './is-same.ts';

/** What a difference of one member means. */
export type Comparator<Value, Context> = (
  before: Value,
  after: Value,
  context: Context,
) => readonly Finding[];

/** A comparator for each member: a type with one more does not compile without what its change means. */
export type Comparators<Node, Context> = {
  readonly [Member in keyof Node]-?: Comparator<Node[Member], Context>;
};

/** Of what a member is one. */
export interface NodeName {
  /** Such as 'service catalog'. */
  readonly declaration: string;
  /** Such as 'catalog', as a finding's subject. */
  readonly subject: string;
  /** Such as 'services'. */
  readonly among: string;
}

/**
 * What differs between two values of a node, by a table of its members. A member that the table lacks, since a newer
 * program declares it, is an unknown change.
 */
export function compareMembers<Node extends object, Context>(
  comparators: Comparators<Node, Context>,
  before: Node,
  after: Node,
  { context, node }: { readonly context: Context; readonly node: NodeName },
): readonly Finding[] {
  const members = new Set([...Object.keys(before), ...Object.keys(after)]);
  const table = comparators as Readonly<Record<string, Comparator<unknown, Context>>>;
  const [old, now] = [before, after] as readonly object[] as readonly [Fields, Fields];
  return [...members].toSorted().flatMap((member) => {
    if (isSame(old[member], now[member])) return [];
    const comparator = Object.hasOwn(table, member) ? table[member] : undefined;
    return (
      comparator?.(old[member], now[member], context) ?? [
        unknownChange(node, member, old[member], now[member]),
      ]
    );
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** A difference of which nobody has said what it does, with its place and both values. */
export function unknownChange(
  { declaration, subject, among }: NodeName,
  member: string,
  before: unknown,
  after: unknown,
): Finding {
  return {
    kind: 'unknown-change',
    subject: `${subject}: ${member}`,
    among,
    before: written(before),
    after: written(after),
    consequence: 'the judge knows no such member, or no such value of it',
    from: { declaration, member },
  };
}

/** The most of a value that a line shows. */
const SHOWN_CHARACTERS = 120;

function written(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/**
 * For a member whose change is told by the comparison that is named: of what it names, or of what it follows from. A test
 * changes each of them and sees a finding.
 */
export function toldBy(comparison: string): Comparator<unknown, unknown> & { readonly by: string } {
  return Object.assign(() => [], { by: comparison });
}
