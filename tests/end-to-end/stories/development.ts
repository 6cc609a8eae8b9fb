import { expect, test } from '@jest/globals';
import { eventually, expectSuccess, outcomeOf } from '../platform-under-test.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';
import { up } from '../up-result.ts';

interface Row {
  readonly zone: string;
  readonly service: string;
  readonly edited: number;
  readonly addresses: readonly string[];
}

async function statusOf(platform: PlatformUnderTest): Promise<readonly Row[]> {
  const told = await platform.run(['status', '--json']);
  expectSuccess(told);
  return JSON.parse(told.stdout) as readonly Row[];
}

const edited = (rows: readonly Row[]): readonly string[] =>
  rows.filter((row) => row.edited > 0).map(({ zone, service }) => `${service} in ${zone}`);

/** Statuses of all that is read until `work` is done. */
async function readWhile(
  platform: PlatformUnderTest,
  work: () => Promise<void>,
): Promise<readonly number[]> {
  const statuses: number[] = [];
  let reading = true;
  const read = async (): Promise<void> => {
    while (reading) statuses.push((await platform.get('/v1/products?page_size=1')).status);
  };
  const readers = [read(), read()];
  try {
    await work();
  } finally {
    reading = false;
    await Promise.all(readers);
  }
  return statuses;
}

/** The sources are those of the clone, so they are developed as they are: other suites read them. */
export const development: Story = {
  title: 'development',
  tell: ({ platform }) => {
    test('is refused for a name without a service, and for a service without code', async () => {
      for (const [name, reason] of [
        ['nowhere', 'none of that name'],
        ['audit', 'one that has no code yet'],
      ] as const) {
        const { code, stderr } = await platform.run(['dev', name]);
        expect(code).toBe(1);
        expect(stderr).toContain(
          `must be one of catalog, gateway, identity, orders, payments, search, got ${reason}`,
        );
      }
    });

    test(
      'takes over and goes on when it ends, until a start puts the program back, and no read is refused',
      async () => {
        const before = await statusOf(platform);
        const statuses = await readWhile(platform, async () => {
          const child = platform.spawn(['dev', 'gateway', 'catalog', '--untyped']);
          const ended = outcomeOf(child);
          let said = '';
          child.stdout?.on('data', (chunk: string) => (said += chunk));
          await eventually(
            () => said,
            (text) => text.includes('dev | watching'),
          );
          process.kill(-(child.pid ?? Number.NaN), 'SIGINT');
          expectSuccess(await ended);
          const during = await statusOf(platform);
          expect(edited(during)).toEqual(['catalog in a', 'gateway in a']);
          expect(during.filter(({ service }) => service === 'catalog')).toHaveLength(1);
          expect((await up(platform)).changes['update']).toBeGreaterThanOrEqual(6);
        });
        expect([...new Set(statuses)]).toEqual([200]);
        const places = (rows: readonly Row[]): readonly string[] =>
          rows.flatMap(({ addresses }) => addresses);
        const after = await statusOf(platform);
        expect(edited(after)).toEqual([]);
        expect(places(after)).toEqual(places(before));
      },
      5 * MINUTES,
    );
  },
};
