import { dirname } from 'node:path';
import { ensureFolder, replaceFile } from '../../machine/atomic-file.ts';
import { fileMark } from '../../machine/file-mark.ts';
import type { ProcessSpec } from '../../process-spec.ts';
import { TARGET_LISTEN, TARGET_PROCESS } from '../../resources/observation-files.ts';
import { SerialQueue } from './serial-queue.ts';

/** Says to whoever looks at a zone what runs there and where it listens (see resources/observation-files.ts). */
export class TargetsFile {
  readonly #path: string;
  readonly #zone: string;
  readonly #queue = new SerialQueue();
  #written: { readonly text: string; readonly mark: string | undefined } | undefined;

  constructor(path: string, zone: string) {
    this.#path = path;
    this.#zone = zone;
  }

  /** Writes it in one step, if it says something else or is no longer as it was written. */
  tell(specs: readonly ProcessSpec[]): Promise<void> {
    return this.#queue.run(async () => {
      const text = `${JSON.stringify(specs.flatMap((spec) => groupsOf(spec, this.#zone)))}\n`;
      if (this.#written?.text === text && this.#written.mark === fileMark(this.#path)) return;
      await ensureFolder(dirname(this.#path));
      await replaceFile(this.#path, text);
      this.#written = { text, mark: fileMark(this.#path) };
    });
  }
}

/** A group of targets for each listen of a process that is meant to run. */
function groupsOf({ name, runs, listens }: ProcessSpec, zone: string) {
  if (runs !== 'always') return [];
  return listens.map((listen) => ({
    targets: [`${listen.address}:${listen.port}`],
    labels: { [TARGET_PROCESS]: name, [TARGET_LISTEN]: listen.name, instance: name, zone },
  }));
}
