import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from './log-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync('/tmp/mlf-');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('it is turned over before it grows beyond its limit, also by a later agent', () => {
  const path = join(folder, 'logs', 'x.log');
  const log = new LogFile(path, 20);
  log.write('one\ntwo\n');
  log.close();
  const later = new LogFile(path, 20);
  later.write('three\n');
  later.write('four-five\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('one\ntwo\nthree\n');
  expect(readFileSync(path, 'utf8')).toBe('four-five\n');
  expect(later.lastLines(3)).toEqual(['two', 'three', 'four-five']);
  expect(later.lastLines(100)).toHaveLength(4);
  later.close();
});

test('it keeps lines whole, unless a line alone is longer than a file may be', () => {
  const path = join(folder, 'x.log');
  const log = new LogFile(path, 10);
  log.write('aaa\nbbb\nccc\nddd\n');
  expect(log.lastLines(9)).toEqual(['aaa', 'bbb', 'ccc', 'ddd']);
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('aaa\nbbb\n');
  log.write('x'.repeat(25));
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('x'.repeat(10));
  expect(readFileSync(path, 'utf8')).toBe('x'.repeat(5));
  log.close();
});

test('one that was never written has no lines', () => {
  expect(new LogFile(join(folder, 'none.log'), 20).lastLines(5)).toEqual([]);
});

test('one that cannot be written says so once and goes on', () => {
  const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const path = join(folder, 'x.log');
  mkdirSync(path);
  const log = new LogFile(path, 20);
  log.write('lost');
  log.write('lost');
  expect(said).toHaveBeenCalledTimes(1);
  rmSync(path, { recursive: true });
  log.write('kept\n');
  expect(log.lastLines(1)).toEqual(['kept']);
  log.close();
  said.mockRestore();
});
