import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { OTHER_CHANGES, REFUSED } from '../cluster/harness/changes/other-changes.ts';
import { makeChanges, untold } from '../cluster/harness/changes/staging-change.ts';
import { TWELVE_KINDS } from '../cluster/harness/changes/twelve-kinds.ts';
import { SETTINGS } from '../cluster/harness/deployment.ts';
import { previewLines } from '../cluster/harness/preview-lines.ts';
import { ProgramCopy } from '../cluster/harness/program-copy.ts';
import { program as builtProgram } from '../cluster/harness/programs.ts';
import { RehearsedCopy } from '../cluster/harness/rehearsed-copy.ts';

const MINUTES_MS = 60_000;
const STACK_FILE = 'Pulumi.staging.yaml';

const execute = promisify(execFile);

/**
 * What `npm run test:cluster -- up --all` holds against Pulumi's own provider, rehearsed alone: without a cluster, each
 * change has to show by the line that it is known by there.
 */
describe('the changes of staging, without a cluster', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-changes-'));
  let program: ProgramCopy;
  let rehearsed: RehearsedCopy;

  beforeAll(async () => {
    program = await ProgramCopy.create({
      folder,
      helm: async (...args) => (await execute(builtProgram('helm', 'helm'), args)).stdout,
    });
    for (const [key, value] of Object.entries(SETTINGS)) set(key, value);
    rehearsed = await RehearsedCopy.create(program);
  }, 5 * MINUTES_MS);

  afterAll(() => {
    rehearsed[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  /** As `pulumi config set` does, whose file is the program's own here. */
  function set(key: string, value: string): void {
    const file = path.join(program.folder, STACK_FILE);
    const { config } = parse(readFileSync(file, 'utf8')) as {
      readonly config?: Readonly<Record<string, string>> | null;
    };
    writeFileSync(file, stringify({ config: { ...config, [`meridian:${key}`]: value } }));
  }

  const stack = {
    set: (key: string, value: string): Promise<void> => {
      program.keep(STACK_FILE);
      set(key, value);
      return Promise.resolve();
    },
  };

  test.each([TWELVE_KINDS, ...OTHER_CHANGES].map((changes) => [changes.length, changes] as const))(
    'show, %d of them together',
    async (_count, changes) => {
      await makeChanges(changes, program, stack);
      const lines = previewLines(await rehearsed.preview());
      program.restore();
      expect(untold(changes, lines)).toEqual([]);
    },
    5 * MINUTES_MS,
  );

  test.each(REFUSED.map((change) => [change.name, change] as const))(
    'are refused: %s',
    async (_name, change) => {
      await makeChanges([change], program, stack);
      await expect(rehearsed.preview()).rejects.toThrow(change.shows);
      program.restore();
    },
    5 * MINUTES_MS,
  );
});
