import type { ChangeKind, Level } from '@meridian/policies/severity.ts';
import type { FileEdit } from './corpus-change.ts';

/** What is told of resources that a change reaches. */
export interface ToldOfResource {
  readonly kind: ChangeKind;
  /** How its subject begins: a kind of resource is told of several of it. */
  readonly subject: string;
  /** Absent where it is told of a whole. */
  readonly property?: string;
}

/** A change of what production is made of, as somebody would make it, and what a review of it tells. */
export interface ProdChange {
  /** A sentence about what it does. */
  readonly name: string;
  readonly edits: readonly FileEdit[];
  /** The highest; 'same' where nothing of what production has differs. */
  readonly level: Level | 'same';
  /** Every finding above a note is one of these, and none of these is missing. */
  readonly tells: readonly ToldOfResource[];
}
