import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { readIfThere } from '../machine/atomic-file.ts';
import { removeZone } from './start/start-agent.ts';
import { TestZone, until } from './testing/test-zone.ts';

let zone: TestZone;

jest.setTimeout(60_000);

beforeAll(async () => {
  zone = await TestZone.create();
  await zone.start();
});

afterAll(() => zone.dispose());

/** What the agent says that it runs, by the names of processes. */
async function told(): Promise<readonly string[] | undefined> {
  const text = await readIfThere(join(zone.folders.state, 'targets/t.json'));
  if (text === undefined) return undefined;
  const groups = JSON.parse(text) as readonly { readonly labels: { readonly instance: string } }[];
  return groups.map(({ labels }) => labels.instance);
}

const tells = (what: string, names: readonly string[]) =>
  until(what, async () => JSON.stringify(await told()) === JSON.stringify(names));

test('an agent tells what is meant to run, also while it crashes, and nothing once it was asked to stop', async () => {
  await zone.run(await zone.listener('web'));
  await tells('the process that runs', ['web']);
  await zone.client.putProcess(await zone.listener('broken', { environment: { EXIT_CODE: '1' } }));
  await until('it crashes', async () => (await zone.status('broken')).restarts > 0);
  await tells('the process that crashes too', ['web', 'broken']);
  await zone.client.deleteProcess('web');
  await tells('no process that was removed', ['broken']);
  await zone.client.stop();
  expect(await told()).toEqual([]);
  await zone.start();
  await tells('the process that was started with the zone', ['broken']);
  await removeZone(zone.folders, 't');
  expect(await told()).toBeUndefined();
});
