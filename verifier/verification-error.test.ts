import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, file), 'utf8');

test('every code is in the table of the README, and no other', () => {
  const listed = [...read('README.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
  const codes = [...read('verification-error.ts').matchAll(/^ {2}\| '([A-Z_]+)'/gm)];
  expect(listed).toEqual(codes.map(([, code]) => code));
});
