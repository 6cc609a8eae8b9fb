import type { Fields } from '@meridian/policies/rule.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';

/** What becomes of one resource of staging. */
export type Edit =
  /** Another value in a place; none where it is undefined. */
  | { readonly object: string; readonly at: readonly (string | number)[]; readonly to: unknown }
  /** Another text by the one that was there. */
  | {
      readonly object: string;
      readonly at: readonly (string | number)[];
      readonly rewritten: (text: string) => string;
    }
  | { readonly object: string; readonly isGone: true }
  | { readonly object: string; readonly isProtected: false }
  /** Another name by its content, as of Jobs and ConfigMaps. */
  | { readonly object: string; readonly named: string }
  /** Another component that it belongs to, so another URN. */
  | { readonly object: string; readonly parent: string; readonly hasAlias: boolean }
  | { readonly added: Fields; readonly parent: string };

/** A change of resources, and all that a review tells of it. */
export interface ResourceEdit {
  readonly name: string;
  /** What the base has besides staging. @default nothing */
  readonly base?: readonly Edit[];
  readonly edits: readonly Edit[];
  /** Every kind that is told, each with subject and property. */
  readonly tells: readonly (readonly [kind: ChangeKind, told: RegExp])[];
}
