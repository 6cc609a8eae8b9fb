import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keepObject, keptNames, publishedObjects } from './kept-heads.ts';

const [first, second] = [3, 20].map((size) => `heads/${`${size}`.padStart(20, '0')}`) as [
  string,
  string,
];

let folder: string;
let published: string;
let kept: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kept-'));
  [published, kept] = [path.join(folder, 'published'), path.join(folder, 'kept')];
  for (const log of ['', '2']) publish(path.join(log, first), `head of log ${log}`);
  publish('keys/01234567.vkey', 'key');
});
afterEach(() => rmSync(folder, { recursive: true }));

function publish(name: string, content: string): void {
  const file = path.join(published, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** As root does it: what is new, by way of lines of text. */
function keep(): void {
  const known = new Set(keptNames(kept));
  for (const object of publishedObjects(published, known)) keepObject(kept, JSON.stringify(object));
}

test('what was published is kept, and stays what it was, whatever lies there later', () => {
  keep();
  publish(first, 'another head of the same size');
  publish(second, 'a later head');
  keep();
  rmSync(published, { recursive: true });
  keep();
  expect(keptNames(kept).toSorted()).toEqual(
    [`2/${first}`, first, second, 'keys/01234567.vkey'].toSorted(),
  );
  expect(readFileSync(path.join(kept, first), 'utf8')).toBe('head of log ');
  keepObject(kept, JSON.stringify([first, 'forced']));
  expect(readFileSync(path.join(kept, first), 'utf8')).toBe('head of log ');
});

test('links and whatever is called otherwise are passed over', () => {
  writeFileSync(path.join(folder, 'secret'), 'of root');
  symlinkSync(path.join(folder, 'secret'), path.join(published, second));
  publish('heads/README', 'none');
  publish('keys/../elsewhere', 'none');
  keep();
  expect(keptNames(kept)).toHaveLength(3);
});

test.each([
  ['one that leads elsewhere', '../heads/00000000000000000003', 'x'],
  ['one of another form', 'heads/3', 'x'],
  ['a number', 3, 'x'],
  ['one with more than a head has', second, 'x'.repeat(100_000)],
])('a name that a head or key cannot have is not written: %s', (_what, name, content) => {
  keepObject(kept, JSON.stringify([name, content]));
  expect(existsSync(path.join(folder, 'heads'))).toBe(false);
  expect(keptNames(kept)).toEqual([]);
});
