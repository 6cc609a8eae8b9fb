import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LocalSettingsFiles } from './local-settings.ts';

const salt = 'v1:TGcMPyx0+94=:v1:3tIIHbhOHPasJ7Sw:fOC8xf34k39HFrWaeGutsdHow+LNrQ==';
const program = { 'meridian:replicas': '{"catalog":2}' };
const own = { 'meridian:edgePort': '9443', 'meridian:portBase': '22000' };

describe('what is set for this machine', () => {
  let state: string;
  let files: LocalSettingsFiles;

  beforeEach(async () => {
    state = mkdtempSync(path.join(tmpdir(), 'meridian-settings-'));
    const folders = { state, data: state, runtime: state, cache: state, program: state };
    files = new LocalSettingsFiles(folders);
    await files.write(program, { ...program, ...own }, salt);
  });
  afterEach(() => {
    rmSync(state, { recursive: true });
  });

  const tear = (name: string, share: number): void => {
    const file = path.join(state, 'config', name);
    truncateSync(file, Math.floor(readFileSync(file).length * share));
  };

  test('is not read from a folder in the place of a file, which is named', () => {
    rmSync(files.config);
    mkdirSync(files.config);
    expect(() => files.read(program)).toThrow(
      expect.objectContaining({
        code: 'FILE_REFUSED',
        message: expect.stringContaining(files.config) as unknown,
      }),
    );
  });

  test('is nothing where nothing was written, and its own settings are told from the program', () => {
    expect(files.read(program)).toEqual({ own, salt, healed: [] });
    rmSync(path.join(state, 'config'), { recursive: true });
    expect(files.read(program)).toEqual({ own: {}, healed: [] });
  });

  test('is what `pulumi config set` has written since', () => {
    const text = readFileSync(files.config, 'utf8');
    writeFileSync(files.config, text.replace('9443', '9444'));
    expect(files.read(program).own).toEqual({ ...own, 'meridian:edgePort': '9444' });
  });

  // Every share, as a line that is cut off may leave good YAML.
  const shares = Array.from({ length: 40 }, (_, index) => index / 40);

  test('is not lost when the configuration is torn, wherever that is', async () => {
    for (const share of shares) {
      tear('Pulumi.local.yaml', share);
      const read = files.read(program);
      expect(read).toMatchObject({ own, salt });
      expect(read.healed).toEqual([expect.stringContaining(files.config)]);
      await files.write(program, { ...program, ...own }, salt);
    }
  });

  test('is not lost when the file beside it is torn, or both say so', async () => {
    for (const share of shares) {
      tear('settings.json', share);
      expect(files.read(program)).toEqual({ own, salt, healed: [] });
      await files.write(program, { ...program, ...own }, salt);
    }
    tear('settings.json', 0.5);
    tear('Pulumi.local.yaml', 0.5);
    const { own: left, healed } = files.read(program);
    expect(left).toEqual({});
    expect(healed).toEqual([expect.stringContaining('npm start -- -c <key>=<value>')]);
  });
});
