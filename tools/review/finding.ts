import type { ChangeKind } from '@meridian/policies/severity.ts';

/** A declaration of the program, and which of its members a finding follows from. */
export interface DeclarationReference {
  /** Such as 'service catalog', 'topic catalog.events.v1', 'task search-rebuild' or 'stack staging'. */
  readonly declaration: string;
  /** Such as 'access', 'scale' or 'objectives'; absent where it is the declaration as a whole. */
  readonly member?: string;
  /** A word that stands on the line, such as the name of a method. */
  readonly word?: string;
}

/** A line of a file of the change, or of its base where it was deleted. */
export interface Position {
  /** Relative to the program's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What a change does, in one respect. */
export interface Finding {
  /** The row of policies/severity.ts that says how much it matters. */
  readonly kind: ChangeKind;
  /** Who or what, such as 'search → payments.ListPayments'. */
  readonly subject: string;
  /** What the subject is one of, in the plural, such as 'services': findings that differ in it alone are told as one. */
  readonly among: string;
  /** What of it, such as 'min replicas'. */
  readonly property?: string;
  readonly before?: string;
  readonly after?: string;
  /** What comes of it, in one clause. */
  readonly consequence: string;
  /** What follows from it, or is said of it besides, such as objects and rules: told with it alone. @default nothing */
  readonly follows?: readonly string[];
  /** Absent where nobody declared it, such as a lockfile, of which `at` tells. */
  readonly from?: DeclarationReference;
  /** What may stand on the line to blame, where the finding itself does not say it; it is not told. @default nothing */
  readonly clue?: Clue;
  /** The line to blame; found by `from` where it is absent. */
  readonly at?: Position;
}

/** A property that is why something happens, as it was and is. */
export interface Clue {
  readonly property: string;
  readonly before: string;
  readonly after: string;
}
