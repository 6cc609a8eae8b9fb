import path from 'node:path';
import {
  ensureFolder,
  readIfThere,
  removeFileDurably,
  writeFileAtomic,
} from '@meridian/provider-local/machine/atomic-file.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { injectedFile } from './injected-file.ts';
import { certificateStep } from './steps/certificate-step.ts';
import { denialStep } from './steps/denial-step.ts';
import { statementStep, transactionStep } from './steps/postgres-steps.ts';
import { processStep } from './steps/process-step.ts';
import type { Going, StepKind } from './steps/step-kind.ts';
import type { Step } from './steps/step.ts';
import { stutterStep } from './steps/stutter-step.ts';
import { writeBlockStep } from './steps/write-block-step.ts';
import { zoneStep } from './steps/zone-step.ts';

const KINDS: { readonly [Kind in Step['kind']]: StepKind<Kind> } = {
  process: processStep,
  zone: zoneStep,
  stutter: stutterStep,
  statement: statementStep,
  transaction: transactionStep,
  denial: denialStep,
  'write-block': writeBlockStep,
  certificate: certificateStep,
};

function kindOf<Kind extends Step['kind']>(step: { readonly kind: Kind }): StepKind<Kind> {
  return KINDS[step.kind];
}

/** A change that was begun, and what of it goes on. */
interface Begun {
  readonly step: Step;
  going: Going;
}

/**
 * What a drill has changed on the platform. Each change is on disk before it is made, so that whatever becomes of the
 * drill, the next command takes it back.
 */
export class Injected {
  readonly #folders: Folders;
  readonly #file: string;
  #begun: readonly Begun[];

  private constructor(folders: Folders, steps: readonly Step[]) {
    this.#folders = folders;
    this.#file = injectedFile(folders);
    this.#begun = steps.map((step) => ({ step, going: undefined }));
  }

  /** With what an earlier drill left behind, if it was killed. */
  static async open(folders: Folders): Promise<Injected> {
    const text = await readIfThere(injectedFile(folders));
    return new Injected(folders, text === undefined ? [] : (JSON.parse(text) as readonly Step[]));
  }

  /** How many changes have not been taken back. */
  get count(): number {
    return this.#begun.length;
  }

  /** Makes changes, one after the other; those of the same moment all at once. */
  async apply(steps: readonly Step[]): Promise<void> {
    const begun = steps.map((step): Begun => ({ step, going: undefined }));
    this.#begun = [...this.#begun, ...begun];
    await this.#write();
    await Promise.all(
      begun.map(async (one) => {
        one.going = await kindOf(one.step).apply(one.step, this.#folders);
      }),
    );
  }

  /** Takes these changes back, or all. What cannot be is kept for the next time, and thrown. */
  async takeBack(steps: readonly Step[] = this.#begun.map(({ step }) => step)): Promise<void> {
    const wanted = this.#begun.filter(({ step }) => steps.includes(step));
    const outcomes = await Promise.allSettled(wanted.map((one) => this.#takeBackOne(one)));
    const done = new Set(wanted.filter((_, index) => outcomes[index]?.status === 'fulfilled'));
    this.#begun = this.#begun.filter((one) => !done.has(one));
    await this.#write();
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #takeBackOne({ step, going }: Begun): Promise<void> {
    await going?.[Symbol.asyncDispose]();
    await kindOf(step).undo(step, this.#folders);
  }

  async #write(): Promise<void> {
    await ensureFolder(path.dirname(this.#file));
    if (this.#begun.length === 0) {
      await removeFileDurably(this.#file);
      return;
    }
    await writeFileAtomic(this.#file, JSON.stringify(this.#begun.map(({ step }) => step)));
  }
}
