import { CodedError } from '@meridian/language/coded-error.ts';
import type { Landings } from '../nouns.ts';
import type { LandedGraph } from '../model/landed.ts';
import { landNouns, lowerNouns } from '../noun-landing.ts';
import type { Lowered } from '../noun-landing.ts';
import { LOCAL_ENGINES, LOCAL_NOUNS } from './local-nouns.ts';
import type { LocalSettings } from './local-settings.ts';
import { checkStandIns } from '../external/local/stand-in-settings.ts';
import type { ProgramSources } from '../service/program-sources.ts';
import { checkReplicas } from './replica-count.ts';

/** All that runs on this machine, as plain JSON without a path of it: the golden test reads this. */
export type LocalStack = Lowered<typeof LOCAL_NOUNS>;

/**
 * What a landed graph becomes on this machine. Pure. Throws CodedError
 * SETTINGS_INVALID or LANDING_NOT_YET.
 */
export function lowerLocal(
  graph: LandedGraph,
  settings: LocalSettings,
  sources: ProgramSources,
): LocalStack {
  const context = { graph, settings, sources, engines: LOCAL_ENGINES };
  refuseUnwritten(graph);
  checkReplicas(graph, settings);
  checkStandIns(graph, settings);
  return lowerNouns(LOCAL_NOUNS, context);
}

/** Every noun on this machine. */
export function landLocal(stack: LocalStack): Landings {
  return landNouns(LOCAL_NOUNS, stack, undefined);
}

/** Refuses what an engine cannot make real yet, instead of leaving it out in silence. */
function refuseUnwritten(graph: LandedGraph): void {
  const problems = LOCAL_ENGINES.flatMap((engine) => engine.problems(graph));
  if (problems.length > 0) {
    throw new CodedError('LANDING_NOT_YET', problems.join('\n'), { problems });
  }
}
