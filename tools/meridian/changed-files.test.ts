import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { changedFiles, handOverChangedFiles } from './changed-files.ts';

let clone: string;
let branchPoint: string;

const git = (...args: string[]): string => {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@test.example'];
  return execFileSync('git', ['-C', clone, ...identity, ...args], { encoding: 'utf8' }).trim();
};
const write = (name: string, text: string): void => writeFileSync(path.join(clone, name), text);
const commit = (name: string, text: string): string => {
  write(name, text);
  git('add', '.');
  git('commit', '--quiet', '--message', name);
  return git('rev-parse', 'HEAD');
};

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'meridian-changed-'));
  git('init', '--quiet', '--initial-branch', 'main');
  write('.gitignore', '*.log\n');
  commit('kept.ts', '1');
  branchPoint = commit('gone.ts', '1');
  git('switch', '--quiet', '--create', 'work');
  git('switch', '--quiet', 'main');
  commit('of-main.ts', '1');
  git('switch', '--quiet', 'work');
});
afterEach(() => {
  delete process.env['MERIDIAN_CHANGED_FILES'];
  rmSync(clone, { recursive: true, force: true });
});

test('what a branch changed, committed or not, is what differs from where it left main', () => {
  commit('müller.ts', '1');
  rmSync(path.join(clone, 'gone.ts'));
  write('new.ts', '1');
  write('noise.log', '1');
  expect(changedFiles(clone, true)).toEqual({
    since: branchPoint,
    files: ['gone.ts', 'müller.ts', 'new.ts'],
  });
});

test('a revision may be named', () => {
  commit('first.ts', '1');
  commit('second.ts', '1');
  expect(changedFiles(clone, 'HEAD~1').files).toEqual(['second.ts']);
});

test('a revision that git does not know is refused', () => {
  expect(() => changedFiles(clone, 'nowhere')).toThrow(
    `Revision 'nowhere': must be a commit that git knows in ${clone}, got a name it does not know; give one with --changed=<revision>, and names of suites without --changed`,
  );
});

test('who has no history gets the list from whoever has', () => {
  write('new.ts', '1');
  const seen = changedFiles(clone, true);
  handOverChangedFiles(seen);
  expect(changedFiles('/nowhere', true)).toEqual(seen);
});

test('more files than a variable holds stand for all', () => {
  const files = Array.from({ length: 20_000 }, (_, index) => `services/catalog/${index}.ts`);
  handOverChangedFiles({ since: 'main', files });
  expect(changedFiles('/nowhere', true).files).toEqual(['more files than can be handed over']);
});
