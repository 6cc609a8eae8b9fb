import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PROBE_USER } from '@meridian/components/search/search-grants.ts';
import { Way } from '@meridian/kit/testing/way.ts';
import { NodeClient } from '../../../tests/engines/index-access.ts';
import { sharedIndex } from '../../../tests/engines/shared-engines.ts';
import { elasticsearchPoll } from './elasticsearch.ts';
import { EngineWorld } from './testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await EngineWorld.create();
}, 60_000);
afterAll(() => world.close());

const up = (value: 0 | 1) => `engine_up{engine="elasticsearch",node="elasticsearch"} ${value}`;

test('says its status to whom may ask for that alone, and nothing while it hangs or is away', async () => {
  const index = await sharedIndex('watch');
  const { username, passwordFile, port } = index;
  const ofProbe = join(dirname(passwordFile), basename(passwordFile).replace(username, PROBE_USER));
  const way = new Way(port);
  await way.open();
  try {
    await world.ask(
      (folder) =>
        index.bind(folder, 'elasticsearch', {
          ...{ port: String(way.port), username: PROBE_USER },
          'password-file': ofProbe,
        }),
      (runtime) => elasticsearchPoll(runtime, 'elasticsearch'),
    );
    await world.told(up(1), /^elasticsearch_cluster_status\{status="(green|yellow)"\} 1/);
    await world.told(
      'elasticsearch_cluster_status{status="red"} 0',
      /^elasticsearch_unassigned_shards /,
    );
    const asProbe = new NodeClient(
      { ...index, username: PROBE_USER, passwordFile: ofProbe },
      world.kit.authority,
    );
    for (const other of ['/_cat/indices', '/_search', '/_cluster/settings', '/_nodes/stats']) {
      expect([other, (await asProbe.request('GET', other)).status]).toEqual([other, 403]);
    }
    await world.trouble(way, up);
  } finally {
    await way.close();
  }
}, 120_000);
