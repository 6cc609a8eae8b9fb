import type { Folders } from '@meridian/provider-local/folders.ts';
import type { Step } from './step.ts';

/** What goes on as long as whoever drills runs, and ends with it. */
export type Going = AsyncDisposable | undefined;

/** How one kind of change is made and taken back. */
export interface StepKind<Kind extends Step['kind']> {
  apply(step: Extract<Step, { kind: Kind }>, folders: Folders): Promise<Going>;
  /** Makes it as if nothing had been changed, whether or not it was, and by whom. */
  undo(step: Extract<Step, { kind: Kind }>, folders: Folders): Promise<void>;
}
