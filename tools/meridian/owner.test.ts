import { readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { TestZone } from '@meridian/provider-local/agent/testing/test-zone.ts';
import { identify } from '@meridian/provider-local/machine/process-table.ts';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { endAgents, endUnreachable, livingAgents } from './living-agents.ts';
import { claim } from './owner.ts';

jest.setTimeout(60_000);

describe('a platform whose files are torn', () => {
  let zone: TestZone;
  let owner: string;

  beforeAll(async () => {
    zone = await TestZone.create();
    owner = path.join(zone.folders.state, 'owner.json');
    await zone.start();
    await claim(zone.folders);
  });
  afterAll(async () => {
    await zone.dispose();
  });

  const clone = (): unknown => JSON.parse(readFileSync(owner, 'utf8'));

  test.each([0, 10])(
    'is of the clone whose agents run, after %d bytes of its claim',
    async (left) => {
      truncateSync(owner, left);
      const another = { ...zone.folders, program: '/another/clone' };
      await expect(claim(another)).rejects.toMatchObject({
        code: 'PLATFORM_FOREIGN',
        message: expect.stringMatching(
          RegExp(
            `is running from ${zone.folders.program},.* there or, if that clone is gone, here`,
          ),
        ),
      });
      await claim(zone.folders);
      expect(clone()).toEqual({ clone: zone.folders.program });
    },
  );

  test('is ended for the next start where its sockets are gone, and left alone where they are not', async () => {
    expect(await endUnreachable(zone.folders, 20_000)).toEqual([]);
    const [agent] = livingAgents(zone.folders);
    rmSync(zone.folders.runtime, { recursive: true });
    expect(await endUnreachable(zone.folders, 20_000)).toEqual(['t']);
    expect(identify(agent?.pid ?? Number.NaN)).toBeUndefined();
    await zone.start();
  });

  test("is stopped without its files, and is anybody's then", async () => {
    truncateSync(path.join(zone.folders.state, 'zones/t/agent.json'), 0);
    const agents = livingAgents(zone.folders);
    expect(agents.map(({ zone: name, program }) => [name, program])).toEqual([
      ['t', zone.folders.program],
    ]);
    await endAgents(zone.folders, 20_000);
    expect(agents.map(({ pid }) => identify(pid))).toEqual([undefined]);
    truncateSync(owner, 0);
    await claim({ ...zone.folders, program: '/another/clone' });
    expect(clone()).toEqual({ clone: '/another/clone' });
  });
});
