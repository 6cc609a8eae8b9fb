import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

/** What a suite imports to run an engine, and the setting that it misses first. */
const RUN_ENGINES = {
  'providers/rehearsal/testing/rehearsed-project.ts': 'MERIDIAN_PULUMI_BIN',
  'providers/local/testing/pulumi-project.ts': 'MERIDIAN_PULUMI_BIN',
  'tools/meridian/rehearsal/testing/built-pulumi.ts': 'MERIDIAN_PULUMI_BIN',
} as const;

test('a suite without the engine that it runs says so in one line, before any of its tests', async () => {
  const files = Object.keys(RUN_ENGINES).map((file) => path.join(root, file));
  const script = `const told = await Promise.allSettled(${JSON.stringify(files)}.map((file) => import(file)));
    console.log(JSON.stringify(told.map(({ reason }) => reason?.message ?? 'nothing')));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { cwd: root, env: { PATH: process.env['PATH'] } },
  );
  expect(JSON.parse(stdout)).toEqual(
    Object.values(RUN_ENGINES).map((setting) =>
      expect.stringMatching(new RegExp(`^No Pulumi.*: run 'npm test', or set ${setting}$`)),
    ),
  );
});
