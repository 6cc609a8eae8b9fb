import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../testing/eventually.ts';
import { batchedOutput } from './batched-output.ts';

describe('output in batches', () => {
  let folder = '';
  let file = '';
  let descriptor = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meridian-output-'));
    file = join(folder, 'lines');
    descriptor = openSync(file, 'a');
  });
  afterEach(() => {
    jest.useRealTimers();
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });

  test('writes the lines of a while at once, and waits for nothing when nothing was said', async () => {
    const output = batchedOutput(descriptor);
    jest.useFakeTimers();
    expect(jest.getTimerCount()).toBe(0);
    output.write('one\n');
    output.write('two\n');
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(100);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    await eventually(() => {
      expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    });
  });

  test('calls back once what waits is written', async () => {
    const output = batchedOutput(descriptor);
    output.write('last words\n');
    await new Promise<void>((resolve) => {
      output.flush(resolve);
    });
    expect(readFileSync(file, 'utf8')).toBe('last words\n');
  });
});
