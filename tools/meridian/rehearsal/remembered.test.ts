import { expect, test } from '@jest/globals';
import { remembered, rememberedOf } from './remembered.ts';

test('what is made of a text is made again once so many others were asked for', () => {
  const made: string[] = [];
  const of = remembered((text) => made.push(text), 2);
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) of(text);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('what is made of an object is that of this object alone, also where it is nothing', () => {
  const [one, alike] = [{ a: 1 }, { a: 1 }];
  const made: object[] = [];
  const of = rememberedOf((given: object) => void made.push(given));
  for (const given of [one, alike, one]) of(given);
  expect(made).toEqual([one, alike]);
});
