import { expect, test } from '@jest/globals';
import { eventually, expectSuccess, outcomeOf } from '../platform-under-test.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { readWhile } from '../reading.ts';
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

/** The sources are those of the clone, so they are developed as they are: other suites read them. */
export const development: Story = {
  title: 'development',
  tell: ({ platform }) => {
    test('is refused for a name without a service', async () => {
      const { code, stderr } = await platform.run(['dev', 'nowhere']);
      expect(code).toBe(1);
      expect(stderr).toContain(
        'must be one of audit, catalog, gateway, identity, orders, payments, search, got none of that name',
      );
    });

    test(
      'takes over and goes on when it ends, until a start puts the program back, and no read is refused',
      async () => {
        const before = await statusOf(platform);
        await using reading = readWhile(platform);
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
        const { failures, count } = await reading.end();
        expect(failures).toEqual([]);
        expect(count).toBeGreaterThan(20);
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
