import { expect, test } from '@jest/globals';
import {
  STAND_IN_CONFIGURATION,
  STAND_IN_FILE,
} from '@meridian/language/stand-in-configuration.ts';
import { readShape } from '@meridian/language/shape.ts';
import { LOCAL_ENGINES } from '../../local/local-nouns.ts';
import { buildGraph } from '../../model/build-graph.ts';
import { landed } from '../../model/landed.ts';
import { samplePlatform } from '../../model/testing/sample-platform.ts';
import { sampleSettings, sampleSources } from '../../testing/sample-stack.ts';
import { localPaging, lowerPager } from './pager.ts';

const context = {
  graph: landed(buildGraph(samplePlatform)),
  settings: { ...sampleSettings, standIns: { pager: { failingPercent: 7 } } },
  sources: sampleSources,
  engines: LOCAL_ENGINES,
};

test('the pager says that it stands in, keeps what it was told, and knows the key of each owner', () => {
  const { process, secrets } = lowerPager(context);
  expect(process).toMatchObject({ name: 'pager-stand-in', data: true });
  expect(secrets).toEqual([{ name: 'pager-key-library-team', bytes: 16 }]);
  const problems: string[] = [];
  const given: unknown = JSON.parse(process.files[STAND_IN_FILE] ?? '');
  expect(readShape(STAND_IN_CONFIGURATION, given, problems)).toEqual({
    name: 'pager-stand-in',
    listen: { address: '127.0.8.8', port: 20_027 },
    dataFolder: '${data:json}',
    secretFiles: { 'pager-key-library-team': '${state:json}/credentials/pager-key-library-team' },
    behaviour: { failingPercent: 7 },
  });
  expect(problems).toEqual([]);
});

test('Alertmanager sends pages and the heartbeat to it, with the key of who owns them', () => {
  const { eventsUrl, heartbeat, routingKeyFile } = localPaging(context);
  expect({ eventsUrl, heartbeat }).toEqual({
    eventsUrl: 'http://127.0.8.8:20027/v2/enqueue',
    heartbeat: { url: 'http://127.0.8.8:20027/heartbeat' },
  });
  expect(routingKeyFile('library-team')).toBe('${state:json}/credentials/pager-key-library-team');
});
