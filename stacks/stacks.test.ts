import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { stackSettings } from './stacks.ts';

/** What a stack takes, as its complaint about another key lists it. */
async function knownKeys(stack: string): Promise<readonly string[]> {
  try {
    await stackSettings(stack, { unheard: 'of' });
  } catch (error) {
    const [, list = ''] = /must be one of (.*), got/.exec(String(error)) ?? [];
    return list
      .split(', ')
      .map((key) => key.replaceAll("'", ''))
      .filter((key) => !key.includes(':'));
  }
  return [];
}

test.each(['local', 'staging', 'prod'])(
  'the file of %s lists every setting that it takes',
  async (stack) => {
    const file = path.resolve(import.meta.dirname, `../Pulumi.${stack}.yaml`);
    const listed = [...readFileSync(file, 'utf8').matchAll(/^# {3}meridian:(\w+)/gm)];
    expect(listed.map(([, key]) => key).toSorted()).toEqual((await knownKeys(stack)).toSorted());
  },
);
