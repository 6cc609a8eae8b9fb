import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FollowedLogs } from './followed-logs.ts';

let folder: string;
let logs: FollowedLogs;
let printed: string[];

const first = { name: 'web-1', revision: 'first' };
const second = { name: 'web-2', revision: 'second' };

/** The path of a log, with one more line. */
function logged(name: string, line: string): string {
  const file = path.join(folder, name);
  appendFileSync(file, `${line}\n`);
  return file;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'followed-logs-'));
  printed = [];
  logs = new FollowedLogs((line) => printed.push(line));
});
afterEach(() => {
  logs.close();
  rmSync(folder, { recursive: true });
});

describe('logs that are followed', () => {
  test('print at once what a replica has said, and each line once', () => {
    logs.follow('web', first, logged('1', 'begins'));
    expect(logs.catchUp(first)).toBe(true);
    expect(printed).toEqual(['web-1 | begins']);
    logged('1', 'fails');
    expect(logs.catchUp(first)).toBe(true);
    expect(printed).toEqual(['web-1 | begins', 'web-1 | fails']);
  });

  test('are those of the newest replica, after all that the one before it had said', () => {
    logs.follow('web', first, logged('1', 'ends'));
    logs.follow('web', second, logged('2', 'begins'));
    expect(printed).toEqual(['web-1 | ends']);
    logged('1', 'too late');
    expect(logs.catchUp(first)).toBe(false);
    expect(logs.catchUp({ ...second, name: 'web-1' })).toBe(false);
    expect(logs.catchUp(second)).toBe(true);
    expect(printed).toEqual(['web-1 | ends', 'web-2 | begins']);
  });
});
