import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expandPlaceholders } from '../../folders.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { ProcessSpec } from '../../process-spec.ts';
import { ensureFolder } from '../../machine/atomic-file.ts';
import { launch } from './child.ts';
import type { Child } from './child.ts';
import { IdentityKeeper } from '../identities/identity-keeper.ts';
import type { LogFile } from './log-file.ts';
import { compileCache } from '../../machine/compile-cache.ts';
import { checkPortsFree } from '../../machine/port-holder.ts';
import { needsPrepare, runPrepare } from './prepare.ts';
import { writeFiles } from './process-files.ts';
import type { ProcessHost } from './process-host.ts';
import { recordRun } from './run-record.ts';

/** A port may be held for a moment by what is left of the run before. */
const PORT_PATIENCE_MS = 1000;
const PORT_POLL_MS = 100;

/** All that has to be in place before a process starts. Each step may be done again at any time. */
export class ProcessSetup {
  readonly identities: IdentityKeeper;
  readonly #host: ProcessHost;
  readonly #name: string;
  readonly #log: LogFile;

  constructor(host: ProcessHost, name: string, log: LogFile) {
    this.#host = host;
    this.#name = name;
    this.#log = log;
    this.identities = new IdentityKeeper(
      host.folders.placeholders(name).self,
      host.authority,
      () => host.settings().leafLifetimeSeconds,
    );
  }

  /** Folders, files (live ones apart), certificates, free ports, preparation. */
  async run(spec: ProcessSpec, stopped: AbortSignal, preparing: () => void): Promise<void> {
    const placeholders = this.#host.folders.placeholders(this.#name);
    await ensureFolder(placeholders.self);
    if (spec.data) {
      await ensureFolder(placeholders.data);
    }
    await writeFiles(spec.files, placeholders);
    await this.identities.ensure(spec.identities);
    await this.#waitForPorts(spec, stopped);
    const prepare = {
      spec,
      placeholders,
      record: this.#host.folders.prepareRecord(this.#name),
    };
    if (await needsPrepare(prepare)) {
      preparing();
      await runPrepare({
        ...prepare,
        stopped,
        launch: async (command) => {
          const child = await this.launch(spec, command);
          child.logTo(this.#log);
          return child;
        },
      });
    }
  }

  /** Starts a command in the process's folder and environment as the process itself. */
  async launch(spec: ProcessSpec, command: readonly string[]): Promise<Child> {
    const child = await this.launchBeside(spec, command);
    recordRun(this.#host.folders.runRecord(this.#name), child.identity);
    return child;
  }

  /** Starts a command in the process's folder and environment, beside the process. */
  async launchBeside(spec: ProcessSpec, command: readonly string[]): Promise<Child> {
    const known = this.#host.folders.placeholders(this.#name);
    // The folder behind a link: what runs says by its command line which copy of the program it needs.
    const placeholders = { ...known, program: await realFolder(known.program) };
    return await launch({
      command: command.map((part) => expandPlaceholders(part, placeholders)),
      folder: placeholders.self,
      environment: {
        PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
        LANG: 'C.UTF-8',
        HOME: placeholders.self,
        ...compileCache(),
        ...Object.fromEntries(
          Object.entries(spec.environment).map(([key, value]) => [
            key,
            expandPlaceholders(value, placeholders),
          ]),
        ),
      },
    });
  }

  async #waitForPorts(spec: ProcessSpec, stopped: AbortSignal): Promise<void> {
    const deadline = performance.now() + PORT_PATIENCE_MS;
    for (;;) {
      try {
        await checkPortsFree(this.#name, spec.listens);
        return;
      } catch (thrown) {
        if (stopped.aborted || performance.now() >= deadline) {
          throw thrown;
        }
        await delay(PORT_POLL_MS);
      }
    }
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (thrown) {
    // The command that is not there says so itself.
    if (isSystemError(thrown, 'ENOENT')) {
      return folder;
    }
    throw thrown;
  }
}
