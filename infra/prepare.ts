import { fileURLToPath } from 'node:url';
import { getStack, RunError } from '@pulumi/pulumi';
import { chooseLandings, nounsForPods } from '@meridian/components/landings.ts';
import { landed } from '@meridian/components/model/landed.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import type { Landings } from '@meridian/components/nouns.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { WATCH_PROGRAMS } from '@meridian/components/observability/watch-programs.ts';
import { readProgramSources } from '@meridian/components/service/source-digest.ts';
import { DECLARED_FILE_VARIABLE } from './declared-file-variable.ts';
import { readStackSettings } from './stack-settings.ts';

const PROGRAM_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** All that the program decides before it declares its first resource. */
export interface Prepared {
  /** The part of the platform that has code. */
  readonly graph: LandedGraph;
  readonly landings: Landings;
}

/**
 * Settings, graph and landing. A mistake of the user becomes a RunError, which Pulumi shows without
 * a stack trace.
 */
export async function prepare(): Promise<Prepared> {
  try {
    const settings = await readStackSettings();
    // What is wrong with the declarations shows where they are imported.
    const { declared, platform } = await import('./platform-graph.ts');
    // What has no code is declared and rendered, and nothing is made for it.
    const graph = landed(platform(settings));
    if (process.env[DECLARED_FILE_VARIABLE] !== undefined) {
      const { writeDeclared } = await import('./declared-file.ts');
      await writeDeclared({
        ...{ graph, declared, settings },
        stack: getStack(),
        programFolder: PROGRAM_ROOT,
      });
    }
    const sources = readProgramSources(
      PROGRAM_ROOT,
      graph,
      process.env['MERIDIAN_CACHE'],
      WATCH_PROGRAMS,
    );
    if (settings.landing !== 'local') {
      const { refuseUndeployable } = await import('./refuse-undeployable.ts');
      const { warnOfCharts } = await import('./warn-of-charts.ts');
      const { warnOfData } = await import('./warn-of-data.ts');
      const { version, migrations } = sources;
      const context = { graph, settings, version, migrations };
      const nouns = await nounsForPods(settings);
      await refuseUndeployable(context, nouns, PROGRAM_ROOT);
      await warnOfCharts(context, nouns);
      await warnOfData(context, nouns);
    }
    return { graph, landings: await chooseLandings(graph, settings, sources) };
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    const refusal = new RunError(`${cause.code}: ${cause.message}`);
    // Nobody is shown it, and the SDK formats it all the same, in colours: seen to take 10 s and more of CPU
    // (a profile names markNodeModules of Node.js 24.9, lib/internal/util/inspect.js).
    refusal.stack = '';
    throw refusal;
  }
}
