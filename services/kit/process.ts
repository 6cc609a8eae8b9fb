import { flushCompileCache } from 'node:module';
import { CodedError } from '@meridian/language/coded-error.ts';
import { startRuntime } from './runtime.ts';
import type { Runtime } from './runtime.ts';
import { loadLeanSdk } from './telemetry/export/load-sdk.ts';

/** Exit code of a process that was given something wrong. Source: sysexits.h, EX_CONFIG. */
export const EXIT_CONFIGURATION = 78;

/** How much longer than notice and grace a departure may take before the process just ends. */
const STOP_MARGIN_MS = 3_000;

/** When what Node.js made of the sources is kept (NODE_COMPILE_CACHE): the first requests come first. */
const COMPILED_AFTER_MS = 500;

/**
 * Runs a server process: starts the runtime, hands it to `main`, and leaves in order on SIGTERM or
 * SIGINT (exit code 0; a second signal ends it at once). A CodedError ends it with one line
 * on stderr; anything else that nobody caught is a bug, which ends it with its stack in the log.
 */
export async function runProcess(main: (runtime: Runtime) => Promise<void>): Promise<void> {
  const runtime = await begin(main);
  if (runtime === undefined) return;
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    runtime.log.info({ signal }, 'stopping');
    const { noticeMs, graceMs } = runtime.configuration.drain;
    setTimeout(() => exit(runtime, 1), noticeMs + graceMs + STOP_MARGIN_MS).unref();
    void runtime.stop().then(() => exit(runtime, 0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Else it is written at the end, when the next replica has long compiled it all again.
  setTimeout(flushCompileCache, COMPILED_AFTER_MS).unref();
}

/**
 * Runs a task: the same start, but the process ends when `main` does, and a signal aborts
 * `signal` and lets `main` finish.
 */
export async function runTask(
  main: (runtime: Runtime, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const abort = (): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  process.on('SIGTERM', abort);
  process.on('SIGINT', abort);
  const runtime = await begin((started) => main(started, controller.signal));
  if (runtime === undefined) return;
  await runtime.stop();
  exit(runtime, controller.signal.aborted ? 1 : 0);
}

async function begin(main: (runtime: Runtime) => Promise<void>): Promise<Runtime | undefined> {
  let runtime: Runtime | undefined;
  const die = (err: unknown): void => {
    runtime?.log.fatal({ err }, 'the process ends because of an error that nobody caught');
    exit(runtime, 1);
  };
  try {
    runtime = await startRuntime({ loadSdk: loadLeanSdk });
    process.on('uncaughtException', die);
    process.on('unhandledRejection', die);
    await main(runtime);
    return runtime;
  } catch (error) {
    if (error instanceof CodedError) {
      process.stderr.write(`${error.code}: ${error.message}\n`);
      exit(runtime, EXIT_CONFIGURATION);
    } else if (runtime === undefined) {
      throw error;
    } else {
      die(error);
    }
    return undefined;
  }
}

/** Ends the process with everything logged so far written. */
function exit(runtime: Runtime | undefined, code: number): void {
  if (runtime === undefined) process.exit(code);
  runtime.log.flush(() => process.exit(code));
}
