import { lowerLocal, type LocalStack } from '@meridian/components/local/lower-local.ts';
import { WATCH_PROGRAMS } from '@meridian/components/observability/watch-programs.ts';
import { readProgramSources } from '@meridian/components/service/source-digest.ts';
import { declaredStack } from './declared-stack.ts';
import { programFolder } from './places.ts';
import type { Settings } from './stack-config.ts';

/**
 * What the local stack becomes with some settings, as the program itself will see it, so that whatever
 * it would refuse is refused before. Loaded only where it is used: it brings every declaration along.
 *
 * @throws {CodedError} SETTINGS_INVALID, GRAPH_INVALID, LANDING_NOT_YET
 */
export async function loweredStack(settings: Settings): Promise<LocalStack> {
  const { graph, settings: read } = await declaredStack(settings);
  const sources = readProgramSources(programFolder, graph, undefined, WATCH_PROGRAMS);
  return lowerLocal(graph, read, sources);
}
