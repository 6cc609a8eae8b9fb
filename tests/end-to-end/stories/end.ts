import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { expectSuccess } from '../platform-under-test.ts';
import { expectSoundBooks, expectWholeTrail } from '../sound-books.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

/** What only the last story may do. */
export const end: Story = {
  title: 'the end',
  always: true,
  tell: ({ platform }) => {
    test(
      'comes to a platform whose goods and money add up, and whose history is whole, whatever was done to it',
      async () => {
        expect.hasAssertions();
        await expectSoundBooks(platform);
        await expectWholeTrail(platform);
      },
      MINUTES,
    );

    test('has left no key and no passphrase in the state that Pulumi keeps', () => {
      const state = path.join(platform.state, 'pulumi/.pulumi/stacks/meridian/local.json');
      const exported = readFileSync(state, 'utf8');
      expect(exported).toMatch(/fingerprint/i);
      expect(exported).not.toMatch(/PRIVATE KEY/);
      expect(exported).not.toContain(readFileSync(path.join(platform.state, 'passphrase'), 'utf8'));
    });

    test(
      'leaves nothing',
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
