import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { expectSuccess } from '../platform-under-test.ts';
import { expectSoundBooks, expectWholeTrail } from '../sound-books.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';
import type { UpResult } from '../up-result.ts';

/** What only the last story may do. */
export const stopAndEnd: Story = {
  title: 'a stop and the end',
  always: true,
  tell: ({ platform }) => {
    test(
      'come to a platform whose goods and money add up, and whose history is whole, whatever was done to it',
      async () => {
        expect.hasAssertions();
        await expectSoundBooks(platform);
        await expectWholeTrail(platform);
      },
      MINUTES,
    );

    test(
      'leave no process, and the data survive the start between them, which warns of nothing',
      async () => {
        const stopped = await platform.run(['stop', '--json']);
        expectSuccess(stopped);
        expect(JSON.parse(stopped.stdout)).toEqual({ stopped: ['a', 'b', 'c', 'edge'] });
        expect(platform.processes()).toEqual([]);
        const started = await platform.run(['up', '--json']);
        expectSuccess(started);
        expect(started.stderr).not.toMatch(/warning/i);
        // What had been stopped is started again, and nothing else is changed.
        const { changes, startedAgain } = JSON.parse(started.stdout) as UpResult;
        expect(changes).toEqual({ same: expect.any(Number), update: startedAgain });
        const page = await platform.get('/v1/products?page_size=1');
        expect(JSON.parse(page.body)).toMatchObject({ products: [expect.anything()] });
      },
      4 * MINUTES,
    );

    test('have left no key and no passphrase in the state that Pulumi keeps', () => {
      const state = path.join(platform.state, 'pulumi/.pulumi/stacks/meridian/local.json');
      const exported = readFileSync(state, 'utf8');
      expect(exported).toMatch(/fingerprint/i);
      expect(exported).not.toMatch(/PRIVATE KEY/);
      expect(exported).not.toContain(readFileSync(path.join(platform.state, 'passphrase'), 'utf8'));
    });

    test(
      'leave nothing',
      async () => {
        const destroyed = await platform.run(['destroy', '--yes', '--json']);
        expectSuccess(destroyed);
        expect(JSON.parse(destroyed.stdout)).toEqual({ removed: true });
        expect(platform.processes()).toEqual([]);
        const status = await platform.run(['status']);
        expect(status.stdout).toMatch(/There is no local platform/);
      },
      3 * MINUTES,
    );
  },
};
