import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Stack } from './stack.ts';
import { SmallStack } from './testing/small-stack.ts';

jest.setTimeout(120_000);

const config = 'config/Pulumi.local.yaml';
const checkpoint = 'pulumi/.pulumi/stacks/meridian/local.json';

let small: SmallStack;
let said: string[];

const file = (name: string): string => path.join(small.folders.state, name);
const read = (name: string): string => readFileSync(file(name), 'utf8');

/** What a power cut leaves of a file. */
const torn = {
  empty: (name: string) => truncateSync(file(name), 0),
  half: (name: string) => truncateSync(file(name), Math.floor(read(name).length / 2)),
};

/** As the next command of Meridian does, with what it says. */
async function reopen(): Promise<Stack> {
  said = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
    said.push(String(line));
    return true;
  });
  try {
    const stack = small.open();
    await stack.prepare();
    return stack;
  } finally {
    spy.mockRestore();
  }
}

async function up(stack: Stack): Promise<void> {
  await stack.capture(['up', '--yes', '--skip-preview', '--refresh', '--stack', 'local']);
}

describe('a local stack whose files a power cut has torn', () => {
  beforeAll(async () => {
    small = new SmallStack();
    const stack = small.open();
    await stack.prepare({ settings: { 'meridian:edgePort': '9443' } });
    await up(stack);
  });
  afterAll(async () => {
    await small.remove();
  });

  test('goes on with its state when that is torn', async () => {
    torn.half(checkpoint);
    const stack = await reopen();
    expect(said.join('')).toMatch(/Pulumi's state .*local\.json was torn.* is restored from/);
    expect(stack.outputs()).toEqual({ answer: 42 });
  });

  test('goes on with its settings and its state under a new passphrase', async () => {
    torn.empty('passphrase');
    await up(await reopen());
    torn.half('passphrase');
    const stack = await reopen();
    expect(said.join('')).toContain(`Passphrase ${file('passphrase')} was torn or gone`);
    expect(read(config)).toContain('meridian:edgePort: "9443"');
    expect(stack.outputs()).toEqual({ answer: 42 });
  });

  test("goes on when Pulumi's layout and what lies beside its files are torn", async () => {
    torn.half('pulumi/.pulumi/meta.yaml');
    for (const name of small.files().filter((found) => found.endsWith('.attrs'))) torn.half(name);
    expect((await reopen()).outputs()).toEqual({ answer: 42 });
  });

  test('is brought up again when every file of it is torn at once, and says what is lost', async () => {
    for (const name of small.files()) torn.half(name);
    const stack = await reopen();
    expect(said.join('')).toMatch(/Configuration .* is lost; set it again: npm start -- -c/s);
    expect(said.join('')).toMatch(/Pulumi's state .* an empty one takes its place/s);
    await up(stack);
    expect(stack.outputs()).toEqual({ answer: 42 });
  });

  test('is refused with the file and a way out when its passphrase is gone and it holds a secret', async () => {
    const state = read(checkpoint);
    const secret =
      '{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"v1:"}';
    writeFileSync(file(checkpoint), state.replace('{"answer":42}', `{"answer":${secret}}`));
    torn.half('passphrase');
    await expect(reopen()).rejects.toMatchObject({
      code: 'PASSPHRASE_LOST',
      message: expect.stringContaining(`File '${file('passphrase')}'`),
    });
    writeFileSync(file(checkpoint), state);
    await up(await reopen());
  });

  test("names the program's own file when that is not YAML", async () => {
    small.write('Pulumi.local.yaml', 'config: {');
    await expect(reopen()).rejects.toMatchObject({
      code: 'STACK_FILE_UNREADABLE',
      message: expect.stringContaining(path.join(small.folders.program, 'Pulumi.local.yaml')),
    });
    small.write('Pulumi.local.yaml', 'config: {}\n');
  });
});
