import { lowerLocal, type LocalStack } from '@meridian/components/local/lower-local.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { WATCH_PROGRAMS } from '@meridian/components/observability/watch-programs.ts';
import { readProgramSources } from '@meridian/components/service/source-digest.ts';
import { platform } from '../../infra/platform-graph.ts';
import { stackSettings } from '../../stacks/stacks.ts';
import { localStack, programFolder } from './places.ts';
import { withoutPrefix, type Settings } from './stack-config.ts';

/**
 * What the local stack becomes with some settings, as the program itself will see it, so that whatever
 * it would refuse is refused before. Loaded only where it is used: it brings every declaration along.
 *
 * @throws {CodedError} SETTINGS_INVALID, GRAPH_INVALID, LANDING_NOT_YET
 */
export async function loweredStack(settings: Settings): Promise<LocalStack> {
  const read = await stackSettings(localStack, withoutPrefix(settings));
  if (read.landing !== 'local') throw new Error(`Stack '${localStack}' is not on this machine`);
  const graph = landed(platform(read));
  return lowerLocal(
    graph,
    read,
    readProgramSources(programFolder, graph, undefined, WATCH_PROGRAMS),
  );
}
