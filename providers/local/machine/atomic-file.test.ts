import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary, sweepTemporaries, writeFileAtomic } from './atomic-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync('/tmp/maf-');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MODULE = join(import.meta.dirname, 'atomic-file.ts');

/** Has a process die in the middle of a write, as kill -9 has it. */
function dieWriting(path: string): void {
  const script = `import { writeFileAtomic } from '${MODULE}';
    import fs from 'node:fs/promises';
    const probe = await fs.open('/dev/null');
    probe.constructor.prototype.sync = () => process.kill(process.pid, 'SIGKILL');
    await writeFileAtomic('${path}', 'half');`;
  spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script]);
}

test('what a writer that was killed has left is swept, and what a living one writes is not', async () => {
  const below = join(folder, 'below');
  mkdirSync(below);
  dieWriting(join(folder, 'a.json'));
  dieWriting(join(below, 'b.json'));
  const left = () => [...readdirSync(folder), ...readdirSync(below)].filter(isTemporary);
  expect(left()).toHaveLength(2);
  const writing = Array.from({ length: 20 }, (_, index) =>
    writeFileAtomic(join(folder, `${index}.json`), 'whole'),
  );
  await sweepTemporaries(folder);
  await Promise.all(writing);
  expect(left()).toHaveLength(1);
  await sweepTemporaries(folder, { below: true });
  expect(left()).toEqual([]);
  expect(readdirSync(folder)).toHaveLength(21);
});

test('a folder that may not be written to is named, with what to do', async () => {
  chmodSync(folder, 0o500);
  try {
    await expect(writeFileAtomic(join(folder, 'a.json'), '')).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      message: expect.stringMatching(
        /^File '\/tmp\/maf-.*\/a\.json': the system refuses it \(EACCES.*belong to user/,
      ),
    });
  } finally {
    chmodSync(folder, 0o700);
  }
});

test('no file of another name is taken for a temporary one', () => {
  for (const name of ['a.json', '.a.json', '.a.tmp', '.tls-0123456789abcdef0123456789abcdef']) {
    writeFileSync(join(folder, name), '');
    expect(isTemporary(name)).toBe(false);
  }
});
