import { expect, test } from '@jest/globals';
import type { ServiceConfigurationFile } from './service-configuration.ts';
import {
  listOf,
  object,
  oneOf,
  optional,
  readShape,
  recordOf,
  text,
  whole,
  withDefault,
} from './shape.ts';
import type { Read, Written } from './shape.ts';
import { IP_ADDRESS, NOT_EMPTY, PORT } from './text-form.ts';

const SHAPE = object({
  name: text(NOT_EMPTY),
  level: withDefault(oneOf(['low', 'high']), 'low'),
  note: optional(text(NOT_EMPTY)),
  limits: withDefault(object({ rate: withDefault(whole(1, 9), 3) }), {}),
  rules: withDefault(recordOf(object({ words: listOf(text(NOT_EMPTY), 'words') })), {}),
});

function read(value: unknown): { readonly value: Read<typeof SHAPE>; readonly problems: string[] } {
  const problems: string[] = [];
  return { value: readShape(SHAPE, value, problems), problems };
}

test('what has a default may be left out of what is written, and is there in what is read', () => {
  const written: Written<typeof SHAPE> = { name: 'a' };
  const { value, problems } = read(written);
  expect(problems).toEqual([]);
  const [level, rate]: readonly ['low' | 'high', number] = [value.level, value.limits.rate];
  expect([level, rate, value.note, value.rules]).toEqual(['low', 3, undefined, {}]);
  expect(value).not.toHaveProperty('note');
});

test('a key that the reader does not know, or knows as another type, cannot be written', () => {
  // @ts-expect-error the name is required
  const nameless: Written<typeof SHAPE> = { level: 'low' };
  // @ts-expect-error no such level
  const middling: Written<typeof SHAPE> = { name: 'a', level: 'middling' };
  const identity = { service: 'a', version: '1', environment: 'e', namespace: 'n', spiffeId: 's' };
  // @ts-expect-error it is identityFolder
  const renamed: ServiceConfigurationFile = { ...identity, identityFoldr: 'tls' };
  expect([nameless, middling].map((each) => read(each).problems)).toEqual([
    ['name: must be a non-empty string, got nothing'],
    ['level: must be one of low, high, got "middling"'],
  ]);
  expect(renamed).toBeDefined();
});

test('every problem is found at once, with its path, what is allowed and what was given', () => {
  const { problems } = read({
    name: 7,
    note: null,
    limits: [],
    rules: { one: { words: ['', 'b'] }, two: { wrds: [] } },
    colour: 'red',
  });
  expect(problems).toEqual([
    'name: must be a non-empty string, got 7',
    'note: must be a non-empty string, got null',
    'limits: must be an object, got []',
    'rules.one.words: must be a list of words, got ["","b"]',
    'rules.two.words: must be a list of words, got nothing',
    'rules.two.wrds: is not known here; known are words',
    'colour: is not known here; known are level, limits, name, note, rules',
  ]);
});

test.each([
  {
    form: IP_ADDRESS,
    right: ['127.0.2.32', '0.0.0.0', '::1', 'fe80::1'],
    wrong: ['localhost', '1.2.3', '1.2.3.4.', '256.1.1.1', ':1', ''],
  },
  { form: PORT, right: ['1', '65535'], wrong: ['0', '65536', '1e3', ' 1', ''] },
])('what is $form.allowed is told from what is not', ({ form, right, wrong }) => {
  expect([...right, ...wrong].filter((value) => form.fits.test(value))).toEqual(right);
});
