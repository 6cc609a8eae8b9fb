import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import { PROBE_USER } from '@meridian/components/search/local/elasticsearch-process.ts';
import { Way } from '@meridian/kit/testing/way.ts';
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
  const ofProbe = basename(passwordFile).replace(username, PROBE_USER);
  const way = new Way(port);
  await way.open();
  try {
    await world.ask(
      (folder) =>
        index.bind(folder, 'elasticsearch', {
          ...{ port: String(way.port), username: PROBE_USER },
          'password-file': join(dirname(passwordFile), ofProbe),
        }),
      (runtime) => elasticsearchPoll(runtime, 'elasticsearch'),
    );
    await world.told(up(1), /^elasticsearch_cluster_status\{status="(green|yellow)"\} 1/);
    await world.told(
      'elasticsearch_cluster_status{status="red"} 0',
      /^elasticsearch_unassigned_shards /,
    );
    await world.trouble(way, up);
  } finally {
    await way.close();
  }
}, 120_000);
