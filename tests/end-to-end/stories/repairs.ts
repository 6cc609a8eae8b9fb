import { expect, test } from '@jest/globals';
import { killAndHeal } from '../fault.ts';
import { eventually, expectSuccess } from '../platform-under-test.ts';
import { readWhile } from '../reading.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';
import { up } from '../up-result.ts';
import type { Health } from '../up-result.ts';

/** Long enough for every client and the edge to have met the dead replicas. */
const READS = 100;

export const repairs: Story = {
  title: 'what breaks by itself',
  tell: ({ platform }) => {
    test(
      'is healed by its agent, if it is a replica',
      async () => {
        const victim = { zone: 'b', name: 'catalog-b-0' };
        const before = await platform.agent('b').getProcess(victim.name);
        const after = await killAndHeal(platform, victim);
        expect(after.restarts).toBe((before?.restarts ?? 0) + 1);
      },
      2 * MINUTES,
    );

    test(
      'takes its whole zone down, if it is an agent, and reads go on from the other two',
      async () => {
        const agent = await platform.agent('b').status();
        const members = [agent.pid, ...agent.processes.flatMap(({ pid }) => pid ?? [])];
        expect(members.length).toBeGreaterThanOrEqual(3);
        await using reading = readWhile(platform);
        process.kill(agent.pid, 'SIGKILL');
        await eventually(
          () => platform.processes().filter(({ pid }) => members.includes(pid)),
          (left) => left.length === 0,
        );
        await eventually(
          () => reading.count,
          (count) => count >= READS,
          2 * MINUTES,
        );
        const { failures, count } = await reading.end();
        expect(failures).toEqual([]);
        expect(count).toBeGreaterThanOrEqual(READS);
        const status = await platform.run(['status', '--json']);
        expect(JSON.parse(status.stdout) as readonly Health[]).toContainEqual(
          expect.objectContaining({ zone: 'b', health: 'agent does not answer' }),
        );
      },
      4 * MINUTES,
    );

    test(
      'is drift to the next start, which brings the zone back',
      async () => {
        const { changes, health } = await up(platform);
        expect(changes['update']).toBeGreaterThanOrEqual(1);
        expect(
          health
            .filter(({ zone }) => zone === 'b')
            .map(({ service, health: state }) => `${service} ${state}`),
        ).toEqual(
          [
            'audit',
            'catalog',
            'gateway',
            'identity',
            'kafka-b',
            'orders',
            'payments',
            'search',
          ].map((service) => `${service} ready`),
        );
      },
      4 * MINUTES,
    );

    test(
      'leaves the start after that nothing to do, and it says so',
      async () => {
        const spoken = await platform.run(['up']);
        expectSuccess(spoken);
        expect(spoken.stdout).toMatch(/Nothing changed: all \d+ resources are as the program says/);
      },
      2 * MINUTES,
    );
  },
};
