import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isInstalled } from '../bootstrap/install-packages.mjs';
import { copyProgram } from '../../tests/end-to-end/program-copy.ts';

const MINUTE = 60_000;

/** What a tool writes; a person would write none of it. */
const WRITTEN_BY_TOOLS =
  /^(package-lock\.json|buf\.yaml|Dockerfile|services\/gateway\/gen\/|tests\/golden\/|docs\/access\.md$)/;

describe('a new service, in a copy of the program', () => {
  let folder: string;
  let program: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'meridian-new-service-'));
    program = path.join(folder, 'program');
    copyProgram(program, 'clone');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const newService = (...args: readonly string[]) => {
    const main = path.join(program, 'tools/meridian/main.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'new-service', ...args], {
      cwd: program,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return { status, stdout, stderr };
  };

  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd: program, encoding: 'utf8' });

  test.each([
    [['catalog'], /Service 'catalog': its name must be of no other service or task/],
    [['notes', '--consumes', 'gateway'], /Topic to consume: must be of a service that publishes/],
    [['catalog', '--remove'], /Service 'catalog': must be imported by nobody/],
  ] as const)('%j is refused, and nothing is written', (args, message) => {
    const { status, stderr } = newService(...args);
    expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(git('status', '--porcelain')).toBe('');
  });

  test(
    'is one folder and one line in infra/platform.ts',
    () => {
      const { status, stderr } = newService('notes', '--publishes', '--consumes', 'catalog');
      expect([status, stderr]).toEqual([0, expect.any(String)]);
      const changed = git('status', '--porcelain')
        .split('\n')
        .map((line) => line.slice(3))
        .filter((file) => file !== '' && !WRITTEN_BY_TOOLS.test(file));
      expect(changed).toEqual(['infra/platform.ts', 'services/notes/']);
      expect(git('diff', '--numstat', 'infra/platform.ts')).toMatch(/^1\t0\t/);
      // Nothing is installed again for it.
      expect(isInstalled(program)).toBe(true);
    },
    4 * MINUTE,
  );

  test(
    'is kept where somebody has worked on it, until they say --yes',
    () => {
      writeFileSync(path.join(program, 'services/notes/idea.ts'), 'export const idea = 1;\n');
      const refused = newService('notes', '--remove');
      expect([refused.status, refused.stderr]).toEqual([
        1,
        expect.stringMatching(/other content in idea\.ts; give --yes/),
      ]);
    },
    MINUTE,
  );
});
