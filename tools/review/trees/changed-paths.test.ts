import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { changedPaths } from './changed-paths.ts';

let root = '';
const sides = () => ['base', 'head'].map((side) => path.join(root, side));

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-changed-'));
  for (const folder of sides()) {
    mkdirSync(path.join(folder, 'services/node_modules/x'), { recursive: true });
    writeFileSync(path.join(folder, 'services/a.ts'), 'a');
    writeFileSync(path.join(folder, 'run.sh'), 'echo');
    symlinkSync('services/a.ts', path.join(folder, 'link'));
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('trees that are alike have no changed path, whatever packages are beside them', () => {
  const [base = '', head = ''] = sides();
  writeFileSync(path.join(head, 'services/node_modules/x/index.js'), 'other');
  expect(changedPaths(base, head)).toEqual([]);
});

test('what is changed, added, gone, may be run or leads elsewhere is a changed path', () => {
  const [base = '', head = ''] = sides();
  writeFileSync(path.join(head, 'services/a.ts'), 'b');
  writeFileSync(path.join(head, 'services/new.ts'), '');
  writeFileSync(path.join(base, 'gone.ts'), '');
  chmodSync(path.join(head, 'run.sh'), 0o755);
  rmSync(path.join(head, 'link'));
  symlinkSync('services/new.ts', path.join(head, 'link'));
  expect(changedPaths(base, head)).toEqual([
    'gone.ts',
    'link',
    'run.sh',
    'services/a.ts',
    'services/new.ts',
  ]);
});
