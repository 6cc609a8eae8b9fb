import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { reportError } from './report-error.ts';

let printed: string;
beforeEach(() => {
  printed = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('what the system refuses is told with a code, wherever it was met', () => {
  const full = thrownBy(() => writeFileSync('/dev/full', 'x'));
  expect([reportError(full), printed]).toEqual([
    1,
    expect.stringMatching(/is full .*\[DISK_FULL\]/),
  ]);
  const refused = Object.assign(new Error('EACCES: permission denied'), {
    code: 'EACCES',
    path: '/home/nobody',
  });
  expect([reportError(refused), printed]).toEqual([
    1,
    expect.stringMatching(/'\/home\/nobody'.*\[FILE_REFUSED\]/),
  ]);
});

test('anything else is a defect, and keeps its stack', () => {
  const defect = thrownBy(() => {
    JSON.parse('');
  });
  expect([reportError(defect), printed]).toEqual([
    70,
    expect.stringMatching(/defect[^]*\n {4}at /),
  ]);
});
