import type { ProcessSpec } from '../../process-spec.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Child } from '../process/child.ts';
import type { LogFile } from '../process/log-file.ts';
import type { ProcessSetup } from '../process/process-setup.ts';
import { SerialQueue } from '../zone/serial-queue.ts';

/** A command that takes longer is killed and begun again at the next look. */
const COMMAND_TIMEOUT_MS = 10_000;

/** Tells one process of renewed certificates, as its spec says, until it has heard of the latest. */
export class RenewalNotice {
  readonly #setup: Pick<ProcessSetup, 'launchBeside'>;
  readonly #log: LogFile;
  readonly #serial = new SerialQueue();
  /** The run of the process that has still to hear of a renewal; a new run reads the files itself. */
  #unheard: Child | undefined;

  constructor(setup: Pick<ProcessSetup, 'launchBeside'>, log: LogFile) {
    this.#setup = setup;
    this.#log = log;
  }

  /**
   * Tells the process, if anything was renewed now or the last notice failed.
   * @throws {CodedError} RENEWAL_UNHEARD
   */
  give({ onRenew, ...spec }: ProcessSpec, process: Child, renewed: boolean): Promise<void> {
    return this.#serial.run(async () => {
      // One that has ended meanwhile reads the new ones when it starts; its folder may be gone as well.
      if (onRenew === 'none' || process.ended.aborted || !(renewed || this.#unheard === process)) {
        return;
      }
      if (onRenew === 'SIGHUP') {
        process.signal(onRenew);
        return;
      }
      this.#unheard = process;
      await this.#run({ onRenew, ...spec }, onRenew.command, process);
      this.#unheard = undefined;
    });
  }

  /** Resolves when no command is under way. */
  settled(): Promise<void> {
    return this.#serial.run(() => Promise.resolve());
  }

  async #run(spec: ProcessSpec, command: readonly string[], process: Child): Promise<void> {
    const child = await this.#setup.launchBeside(spec, command);
    child.logTo(this.#log);
    const timeout = AbortSignal.timeout(COMMAND_TIMEOUT_MS);
    const cut = AbortSignal.any([process.ended, timeout]);
    const kill = () => child.signal('SIGKILL');
    cut.addEventListener('abort', kill);
    if (cut.aborted) {
      kill();
    }
    const { code, signal } = await child.exited;
    cut.removeEventListener('abort', kill);
    if (code !== 0 && !process.ended.aborted) {
      const how = timeout.aborted
        ? `did not end in ${COMMAND_TIMEOUT_MS / 1000} s`
        : `ended with ${signal ?? code ?? 'nothing'}`;
      throw new CodedError(
        'RENEWAL_UNHEARD',
        `Process '${spec.name}': the command that tells it of renewed certificates (${command.join(' ')}) ${how}; it is repeated, and the process's log has its output`,
      );
    }
  }
}
