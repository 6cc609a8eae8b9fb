import { rm } from 'node:fs/promises';
import { restartDigest, specDigest } from '../../process-spec.ts';
import type { ProcessSpec } from '../../process-spec.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { systemTrouble } from '../../machine/system-trouble.ts';
import type { Child, Exit } from './child.ts';
import type { Renewal } from '../identities/identity-keeper.ts';
import { LogFile } from './log-file.ts';
import { delayUntil, watchReadiness } from './probe.ts';
import { FileNotice, removeStaleFiles, writeFiles } from './process-files.ts';
import type { ProcessHost } from './process-host.ts';
import { ProcessSetup } from './process-setup.ts';
import { RenewalNotice } from '../identities/renewal-notice.ts';
import { RestartPolicy } from './restart-policy.ts';
import type { ProcessState, ProcessStatus } from '../api/status.ts';

interface Supervision {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** How a task is run: arguments behind those of its spec, and what ends it early. */
export interface TaskRun {
  readonly arguments: readonly string[];
  readonly stopped: AbortSignal;
}

/**
 * One process of the zone: started, probed, started again when it ends, stopped when asked. Its owner
 * sees to it that calls do not overlap.
 */
export class SupervisedProcess {
  readonly #host: ProcessHost;
  readonly #setup: ProcessSetup;
  readonly #notice: RenewalNotice;
  readonly #files = new FileNotice();
  readonly #log: LogFile;
  readonly #force = new AbortController();
  #spec: ProcessSpec;
  #state: ProcessState = 'stopped';
  #since = new Date();
  #child: Child | undefined;
  #restarts = 0;
  #lastExit: Exit | undefined;
  #problem: { readonly code: string; readonly message: string } | undefined;
  #supervision: Supervision | undefined;

  constructor(host: ProcessHost, spec: ProcessSpec) {
    this.#host = host;
    this.#spec = spec;
    this.#log = new LogFile(host.folders.log(spec.name), host.settings().logLimitBytes);
    this.#setup = new ProcessSetup(host, spec.name, this.#log);
    this.#notice = new RenewalNotice(this.#setup, this.#log);
    this.#become(spec.runs === 'always' ? 'stopped' : 'idle');
  }

  get spec(): ProcessSpec {
    return this.#spec;
  }

  get log(): LogFile {
    return this.#log;
  }

  /** Whether the spec's addresses are this process's own at the moment. */
  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** Whether nothing would come of waiting for it: putting the same spec again starts it afresh. */
  get needsFreshStart(): boolean {
    return (
      this.#spec.runs === 'always' &&
      (this.#state === 'stopped' ||
        this.#state === 'crash-looping' ||
        this.#state === 'backoff' ||
        this.#problem !== undefined)
    );
  }

  status(): ProcessStatus {
    return {
      name: this.#spec.name,
      state: this.#state,
      runs: this.#spec.runs,
      ...(this.#child === undefined ? {} : { pid: this.#child.identity.pid }),
      restarts: this.#restarts,
      listens: [...this.#spec.listens],
      specDigest: specDigest(this.#spec),
      revision: this.#spec.revision,
      ...(this.#lastExit === undefined ? {} : { lastExit: this.#lastExit }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      since: this.#since.toISOString(),
      certificates: [...this.#setup.identities.certificates()],
      log: this.#log.path,
    };
  }

  /** Starts to supervise; does nothing for a task or when it is supervised already. */
  start(): void {
    if (this.#spec.runs === 'on-demand' || this.#supervision !== undefined) {
      return;
    }
    const stop = new AbortController();
    this.#problem = undefined;
    this.#supervision = { stop, done: this.#supervise(stop.signal) };
  }

  /** Stops it and returns when it is gone; `force` also cuts short a stop that is under way. */
  async stop(options?: { readonly force: boolean }): Promise<void> {
    if (options?.force === true) {
      this.#force.abort();
    }
    this.#supervision?.stop.abort();
    await this.#supervision?.done;
    await this.#notice.settled();
    this.#supervision = undefined;
    this.#log.close();
  }

  /** Whether a spec can be taken up without a restart. */
  canTakeUp(spec: ProcessSpec): boolean {
    return restartDigest(spec) === restartDigest(this.#spec);
  }

  /** Brings what lies in the process's folder from the old spec to the new one. */
  async adopt(spec: ProcessSpec, save: () => Promise<void>): Promise<void> {
    const placeholders = this.#host.folders.placeholders(spec.name);
    // In this order a crash leaves the old spec, whose start writes its files again, or the new one.
    await removeStaleFiles(placeholders.self, this.#spec, spec);
    for (const { folder } of this.#spec.identities) {
      if (!spec.identities.some((identity) => identity.folder === folder)) {
        await this.#setup.identities.remove(folder);
      }
    }
    await save();
    this.#spec = spec;
    if (this.#supervision === undefined) {
      this.#become(spec.runs === 'always' ? 'stopped' : 'idle');
    } else {
      await writeFiles(spec.liveFiles, placeholders);
      this.#files.take(spec, placeholders);
    }
  }

  /**
   * Renews the certificates of a running process that are due or gone, or all that were ever issued to
   * it, running or not; and writes files again that are no longer as they were written.
   * @returns tells the running process of it, if its spec says how, which may take long; it throws
   * RENEWAL_UNHEARD where that fails, and telling it after the next renewal does it again
   */
  async renew(which: Renewal): Promise<() => Promise<void>> {
    const { identities } = this.#setup;
    const isWanted =
      this.#child !== undefined || (which === 'all' && identities.certificates().length > 0);
    if (!isWanted) {
      return () => Promise.resolve();
    }
    await this.#restoreFiles();
    const renewed = await identities.ensure(this.#spec.identities, which);
    const child = this.#child;
    return async () => {
      if (child !== undefined) {
        await this.#notice.give(this.#spec, child, renewed);
      }
    };
  }

  /**
   * Runs a task once, as its owner's only run.
   * @throws {CodedError} TASK_RUNNING
   */
  async runTask(given: TaskRun, output: (child: Child) => Promise<void>): Promise<Exit> {
    if (this.#supervision !== undefined) {
      throw new CodedError(
        'TASK_RUNNING',
        `Task '${this.#spec.name}': it runs already (pid ${this.#child?.identity.pid ?? 0}); wait for its end`,
      );
    }
    const stop = new AbortController();
    const stopped = AbortSignal.any([stop.signal, given.stopped]);
    const run = this.#runTaskOnce({ ...given, stopped }, output);
    const done = run.then(
      () => undefined,
      () => undefined,
    );
    this.#supervision = { stop, done };
    try {
      return await run;
    } finally {
      this.#supervision = undefined;
      this.#become('idle');
    }
  }

  /** Removes all that was kept of it, and its data if they are its own. */
  async remove(): Promise<void> {
    await removeProcess(this.#host, this.#spec);
  }

  async #supervise(stopped: AbortSignal): Promise<void> {
    const policy = new RestartPolicy();
    while (!stopped.aborted) {
      const readyMs = await this.#runOnce(stopped);
      if (isAborted(stopped)) {
        break;
      }
      const { delayMs, crashLooping } = policy.exited(readyMs);
      this.#become(crashLooping ? 'crash-looping' : 'backoff');
      await delayUntil(delayMs, stopped);
      this.#restarts += isAborted(stopped) ? 0 : 1;
    }
    this.#become('stopped');
  }

  /** One run from set-up to exit; returns how long it was ready (ms). */
  async #runOnce(stopped: AbortSignal): Promise<number> {
    let child: Child;
    try {
      child = await this.#begin(stopped);
    } catch (thrown) {
      if (!stopped.aborted) {
        this.#fail(thrown);
      }
      return 0;
    }
    child.logTo(this.#log);
    let readySince: number | undefined;
    // Not waited for: a probe that is under way may take its time, and tells nothing of a process that is gone.
    void watchReadiness(
      () => this.#spec.readiness,
      this.#host.folders.placeholders(this.#spec.name),
      child.ended,
      (ready) => {
        readySince = ready ? performance.now() : readySince;
        this.#become(ready ? 'ready' : 'unready');
      },
    );
    await this.#untilEnd(child, stopped);
    this.#becomeWithin(isAborted(stopped) ? 'stopped' : 'backoff');
    return readySince === undefined ? 0 : performance.now() - readySince;
  }

  /** Sets the process up and starts it. */
  async #begin(stopped: AbortSignal, more: readonly string[] = []): Promise<Child> {
    await this.#setup.run(this.#spec, stopped, () => this.#becomeWithin('preparing'));
    await this.#writeLiveFiles();
    stopped.throwIfAborted();
    this.#becomeWithin('starting');
    const child = await this.#setup.launch(this.#spec, [...this.#spec.command, ...more]);
    this.#child = child;
    this.#problem = undefined;
    this.#log.write(`-- agent: started, pid ${child.identity.pid}\n`);
    return child;
  }

  async #restoreFiles(): Promise<void> {
    if (this.#child !== undefined && !this.#files.isAsWritten()) {
      const placeholders = this.#host.folders.placeholders(this.#spec.name);
      await writeFiles({ ...this.#spec.files, ...this.#spec.liveFiles }, placeholders);
      this.#files.take(this.#spec, placeholders);
      this.#log.write('-- agent: wrote files again that had been changed or removed\n');
    }
  }

  /** Again, where a new spec was adopted in the meantime. */
  async #writeLiveFiles(): Promise<void> {
    const placeholders = this.#host.folders.placeholders(this.#spec.name);
    let written: ProcessSpec;
    do {
      written = this.#spec;
      await writeFiles(written.liveFiles, placeholders);
      this.#files.take(written, placeholders);
    } while (written !== this.#spec);
  }

  async #untilEnd(child: Child, stopped: AbortSignal): Promise<Exit> {
    const { promise: asked, resolve: ask } = Promise.withResolvers<undefined>();
    const onStop = () => ask(undefined);
    stopped.addEventListener('abort', onStop);
    if (stopped.aborted) {
      onStop();
    }
    let exit = await Promise.race([child.exited, asked]);
    stopped.removeEventListener('abort', onStop);
    if (exit === undefined) {
      const { signal, graceSeconds } = this.#spec.stop;
      exit = await child.stop(signal, graceSeconds * 1000, this.#force.signal);
    }
    this.#lastExit = exit;
    await rm(this.#host.folders.runRecord(this.#spec.name), { force: true });
    this.#log.write(`-- agent: ended with ${exit.signal ?? exit.code ?? 'nothing'}\n`);
    this.#child = undefined;
    return exit;
  }

  async #runTaskOnce(run: TaskRun, output: (child: Child) => Promise<void>): Promise<Exit> {
    const { stopped } = run;
    const child = await this.#begin(stopped, run.arguments);
    this.#become('ready');
    const [exit] = await Promise.all([this.#untilEnd(child, stopped), output(child)]);
    return exit;
  }

  #fail(thrown: unknown): void {
    const trouble = systemTrouble(thrown) ?? thrown;
    const message = messageOf(trouble);
    this.#problem =
      trouble instanceof CodedError
        ? { code: trouble.code, message }
        : {
            code: 'START_FAILED',
            message: `Process '${this.#spec.name}': it cannot be started: ${message}`,
          };
    this.#log.write(`-- agent: ${message}\n`);
  }

  /** A crash loop stays one, through its attempts, until the process is ready again. */
  #becomeWithin(state: 'preparing' | 'starting' | 'backoff' | 'stopped'): void {
    if (this.#state !== 'crash-looping') {
      this.#become(state);
    }
  }

  #become(state: ProcessState): void {
    if (state !== this.#state) {
      this.#state = state;
      this.#since = new Date();
    }
  }
}

/** Removes what is kept of a process that does not run: its folder, its log, its data if its own. */
export async function removeProcess(
  host: ProcessHost,
  spec: Pick<ProcessSpec, 'name' | 'data'>,
): Promise<void> {
  const { self, data } = host.folders.placeholders(spec.name);
  const log = host.folders.log(spec.name);
  const files = [
    self,
    host.folders.runRecord(spec.name),
    host.folders.prepareRecord(spec.name),
    ...(spec.data ? [data] : []),
    `${log}.1`,
    log,
  ];
  for (const file of files) {
    await rm(file, { recursive: true, force: true });
  }
}

/** Asked again after each wait: the compiler takes it for settled otherwise. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
