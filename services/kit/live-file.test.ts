import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { onBackgroundFailure } from './background.ts';
import { LiveFile } from './live-file.ts';
import { eventually } from './testing/eventually.ts';

describe('LiveFile', () => {
  let folder: string;
  let live: LiveFile<number> | undefined;
  const heard: number[] = [];
  const refused: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meridian-live-file-'));
    heard.length = 0;
    refused.length = 0;
  });
  afterEach(() => {
    live?.close();
    rmSync(folder, { recursive: true });
  });

  const path = (): string => join(folder, 'number');

  function open(initial = -1): LiveFile<number> {
    live = new LiveFile(path(), {
      initial,
      parse: (text) => {
        if (text === undefined) return 0;
        if (/^\d+$/.test(text)) return Number(text);
        throw new Error(`no number: ${text}`);
      },
      changed: (value) => heard.push(value),
      failed: (error) => refused.push(error.message),
    });
    return live;
  }

  test('has the value of the file, or of there being none', () => {
    expect(open().current).toBe(0);
    live?.close();
    writeFileSync(path(), ' 7\n');
    expect(open().current).toBe(7);
    expect(heard).toEqual([]);
  });

  test('follows the file: written, replaced and removed', async () => {
    const file = open();
    writeFileSync(path(), '1');
    await eventually(() => expect(file.current).toBe(1));
    writeFileSync(`${path()}.new`, '2');
    renameSync(`${path()}.new`, path());
    await eventually(() => expect(file.current).toBe(2));
    rmSync(path());
    await eventually(() => expect(file.current).toBe(0));
    expect(heard).toEqual([1, 2, 0]);
  });

  test('goes on when the listener of a change throws', async () => {
    const failures: string[] = [];
    const unheard = onBackgroundFailure((task, error) => {
      failures.push(`${task}: ${(error as Error).message}`);
    });
    live = new LiveFile(path(), {
      initial: 0,
      parse: Number,
      changed: (value) => {
        heard.push(value);
        throw new Error('nobody expected that');
      },
      failed: (error) => refused.push(error.message),
    });
    writeFileSync(path(), '1');
    await eventually(() => expect(heard).toEqual([1]));
    writeFileSync(path(), '22');
    await eventually(() => expect(heard).toEqual([1, 22]));
    expect(failures).toEqual(Array(2).fill('watch of number: nobody expected that'));
    unheard();
  });

  test('follows a file in a folder that is swapped, as Kubernetes does it', async () => {
    for (const [version, text] of [
      ['one', '1'],
      ['two', '2'],
    ] as const) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'number'), text);
    }
    symlinkSync('one', join(folder, '..data'));
    symlinkSync('..data/number', path());
    const file = open();
    expect(file.current).toBe(1);
    symlinkSync('two', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await eventually(() => expect(file.current).toBe(2));
  });

  test('keeps what it had while the text is refused', async () => {
    writeFileSync(path(), '1');
    const file = open();
    writeFileSync(path(), 'many');
    await eventually(() => expect(refused).toEqual(['no number: many']));
    expect(file.current).toBe(1);
    writeFileSync(path(), '12');
    await eventually(() => expect(file.current).toBe(12));
  });

  test('begins with the initial value where the first text is refused or cannot be read', () => {
    writeFileSync(path(), 'many');
    expect(open(5).current).toBe(5);
    live?.close();
    rmSync(path());
    mkdirSync(path());
    expect(open(6).current).toBe(6);
    expect(refused[1]).toMatch(/EISDIR/);
  });
});
