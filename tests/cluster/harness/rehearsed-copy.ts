import { dirname } from 'node:path';
import type { EngineEvent } from '../../../tools/meridian/rehearsal/engine-events.ts';
import { Rehearsal } from '../../../tools/meridian/rehearsal/rehearsal.ts';
import { engineVersions } from '../../../tools/engines/versions.ts';
import type { ProgramCopy } from './program-copy.ts';
import { program as builtProgram } from './programs.ts';

const STACK = 'staging';

/** The same program in the hands of Pulumi's engine and of the rehearsal of its provider. */
export class RehearsedCopy implements Disposable {
  readonly #rehearsal: Rehearsal;
  readonly #program: ProgramCopy;

  private constructor(rehearsal: Rehearsal, program: ProgramCopy) {
    this.#rehearsal = rehearsal;
    this.#program = program;
  }

  /** Rehearses that the program as it is has been deployed. */
  static async create(program: ProgramCopy): Promise<RehearsedCopy> {
    const pulumi = {
      name: 'pulumi',
      version: engineVersions.pulumi.version,
      folder: dirname(process.env['MERIDIAN_PULUMI_BIN'] ?? ''),
      source: 'MERIDIAN_PULUMI_BIN',
    } as const;
    const helm = {
      file: builtProgram('helm', 'helm'),
      kubernetes: engineVersions.kubernetes.version,
    };
    const rehearsal = await Rehearsal.create(STACK, { pulumi, helm });
    await rehearsal.run('up', { folder: program.folder });
    return new RehearsedCopy(rehearsal, program);
  }

  /** What the program as it is now would change. */
  async preview(): Promise<readonly EngineEvent[]> {
    return await this.#rehearsal.run('preview', { folder: this.#program.folder });
  }

  [Symbol.dispose](): void {
    this.#rehearsal.remove();
  }
}
