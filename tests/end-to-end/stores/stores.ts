import { landed } from '@meridian/components/model/landed.ts';
import { searchGrants } from '@meridian/components/search/search-grants.ts';
import { platform as declared } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import { zoneStatuses } from '../../../tools/meridian/zones.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { inDatabases } from './databases.ts';
import { inFiles } from './files.ts';
import type { Found } from './found.ts';
import { inIndex } from './indices.ts';
import type { Listening } from './indices.ts';
import { inKeys } from './keys.ts';
import { inTopics } from './topics.ts';

/** Looks for texts in everything that a running platform keeps. */
export async function lookEverywhere(
  { folders }: Pick<PlatformUnderTest, 'folders'>,
  texts: readonly string[],
): Promise<readonly Found[]> {
  const processes = await listeningProcesses(folders);
  const listening = (name: string): Listening => {
    const found = processes.find(
      ({ process }) => process === name || process.startsWith(`${name}-`),
    );
    if (found === undefined) throw new Error(`There is no process '${name}'`);
    return found;
  };
  const server = ({ zone, process, port }: Listening) => ({ zone, process, port });
  const indices = searchGrants(landed(declared(localSettings({}))));
  const found = await Promise.all([
    inDatabases(folders, server(listening('postgres')), texts),
    inTopics(folders, texts),
    ...indices.map((grant) =>
      inIndex(folders, listening('elasticsearch'), listening(grant.service), grant, texts),
    ),
    inKeys(folders, server(listening('redis')), texts),
  ]);
  return [...found.flat(), ...inFiles(folders, texts)];
}

async function listeningProcesses(
  folders: PlatformUnderTest['folders'],
): Promise<readonly Listening[]> {
  const zones = await zoneStatuses(folders);
  return zones.flatMap(({ zone, status }) =>
    (status?.processes ?? []).flatMap(({ name, listens: [first] }) =>
      first === undefined ? [] : [{ zone, process: name, ...first }],
    ),
  );
}
