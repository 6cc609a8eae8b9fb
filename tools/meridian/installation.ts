import { Listr } from 'listr2';
import type { EngineStep, InstalledEngine } from '../engines/engine.ts';
import { chartSteps } from '../engines/chart-programs.ts';
import { clusterSteps } from '../engines/cluster-programs.ts';
import { judgeSteps } from '../engines/judges.ts';
import { engineSteps } from '../engines/install-engines.ts';
import { fuzzerSteps } from '../engines/schemathesis.ts';
import { telemetrySteps } from '../engines/telemetry-programs.ts';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { acquire } from '../bootstrap/process-lock.mjs';
import { cacheFolder, isWritable } from '../engines/cache.ts';
import { removeGoBuilds, type GoBuilds } from '../engines/go-program.ts';
import { programFolder } from './places.ts';

/** Engines by name, as `installEngines` leaves them. */
export type Engines = Readonly<Record<string, InstalledEngine>>;

/** What is to be installed. */
export interface InstallationOptions {
  /** Shows nothing unless something has to be fetched. */
  readonly quiet: boolean;
  /** Also what tests of charts need. */
  readonly charts?: boolean;
  /** Also what asks the edge for whatever its document allows. */
  readonly fuzzer?: boolean;
  /** Also what judges campaigns. */
  readonly judges?: boolean;
  /** Also what a cluster for tests consists of. */
  readonly cluster?: boolean;
  /** Also what telemetry goes through and is kept by. */
  readonly telemetry?: boolean;
  /** Titles of the engines of the local landing that are needed. @default all of them */
  readonly only?: readonly string[];
  /** Hears of each step before it begins. */
  readonly onStep?: (step: InstallationStep) => Promise<void>;
}

/** A step of an installation among those of its batch. */
export interface InstallationStep {
  readonly title: string;
  /** From 1. */
  readonly position: number;
  readonly count: number;
}

/** What is installed under one lock, one engine after the other. */
interface Batch {
  readonly lock: string;
  /** What holds the lock, for those who find it held. */
  readonly holder: string;
  readonly steps: readonly EngineStep[];
  /** Where its Go programs are built. */
  readonly builds: GoBuilds;
}

/** Installs what is missing, one engine after the other, and shows what it waits for. */
export async function installEngines(options: InstallationOptions): Promise<Engines> {
  const cache = cacheFolder();
  // The system account gets what root has just installed and shown.
  const quiet = options.quiet || process.env['MERIDIAN_CLONE'] !== undefined;
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  // What is installed by one user, root even, is run by others.
  const umask = process.umask(0o022);
  const engines: Record<string, InstalledEngine> = {};
  try {
    const installing = { cache, quiet, signal: abort.signal, onStep: options.onStep };
    for (const batch of batches(options, cache)) {
      if (batch.steps.length > 0) Object.assign(engines, await installBatch(batch, installing));
    }
    return engines;
  } finally {
    process.umask(umask);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** The engines of telemetry take long: nobody who needs another one meanwhile waits for them. */
function batches(options: InstallationOptions, cache: string): readonly Batch[] {
  const { only } = options;
  const steps = [
    ...engineSteps(programFolder, cache).filter(
      ({ title }) => only === undefined || only.includes(title),
    ),
    ...(options.charts === true ? chartSteps(programFolder, cache) : []),
    ...(options.fuzzer === true ? fuzzerSteps(programFolder, cache) : []),
    ...(options.judges === true ? judgeSteps(programFolder, cache) : []),
    ...(options.cluster === true ? clusterSteps(programFolder, cache) : []),
  ];
  const ordinary: Batch = {
    ...{ lock: 'install.lock', holder: 'an installation of engines', builds: 'go', steps },
  };
  if (options.telemetry !== true) return [ordinary];
  return [
    ordinary,
    {
      ...{ lock: 'install-telemetry.lock', holder: 'an installation of engines of telemetry' },
      ...{ builds: 'go-beside', steps: telemetrySteps(programFolder, cache) },
    },
  ];
}

/** How a batch is installed. */
interface Installing {
  readonly cache: string;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
  readonly onStep: InstallationOptions['onStep'];
}

async function installBatch(
  { lock, holder, steps, builds }: Batch,
  { cache, quiet, signal, onStep }: Installing,
): Promise<Engines> {
  const engines: Record<string, InstalledEngine> = {};
  const tasks = new Listr(
    steps.map((step, index) => ({
      title: step.title,
      task: async (_context: unknown, task: { title: string; output: string }) => {
        await onStep?.({ title: step.title, position: index + 1, count: steps.length });
        const startedAt = Date.now();
        const lines: string[] = [];
        const engine = await step.install({
          signal,
          report: (line) => {
            lines.push(line);
            task.output = line.slice(0, 120);
          },
        });
        engines[engine.name] = engine;
        const seconds = Math.round((Date.now() - startedAt) / 1000);
        task.title = `${step.title} ${engine.version} (${engine.source}${lines.length > 0 ? `, ${seconds} s` : ''})`;
      },
    })),
    {
      renderer: quiet ? 'silent' : process.stdout.isTTY ? 'default' : 'simple',
      rendererOptions: { collapseErrors: false },
      // Its own handler of SIGINT would end the process at once, with a build half-done.
      registerSignalListeners: false,
    },
  );
  const release = isWritable(cache) ? acquire(path.join(cache, lock), holder) : undefined;
  try {
    await tasks.run();
    if (release !== undefined) await removeGoBuilds(cache, builds);
    return engines;
  } finally {
    release?.();
  }
}
