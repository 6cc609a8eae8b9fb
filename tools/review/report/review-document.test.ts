import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { SEVERITIES } from '@meridian/policies/severity.ts';
import { reviewText } from './review-text.ts';
import { refundsReview } from './testing/sample-review.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const document = read('docs/review.md');

test('the report in docs/review.md is what the program writes', () => {
  const [, shown] = /```text\n(.*?)\n```/s.exec(document) ?? [];
  const [above] = reviewText([refundsReview]).split('\n\n');
  expect(shown).toBe(above);
});

test('docs/review-findings.md says what to do about every finding that somebody has to decide about', () => {
  const listed = [
    ...read('docs/review-findings.md').matchAll(/^\| `([A-Z][A-Z -]+)`\s+\| \S.{10,}/gm),
  ].map(([, what]) => what);
  const decided = Object.values(SEVERITIES)
    .filter(({ level }) => level !== 'note')
    .map(({ what }) => what);
  expect(listed).toEqual(decided.toSorted());
});

test('docs/review.md says what to do about every code of a review', () => {
  const sources = globSync('tools/review/**/*.ts', { cwd: root }).filter(
    (file) => !/\.test\.ts$|\/testing\//.test(file),
  );
  const thrown = sources.flatMap((file) =>
    [
      ...read(file).matchAll(/(?:Error|super|refused|Refused)\(\s*'([A-Z]+_[A-Z_]+)'/g),
      ...read(file).matchAll(/\bcode: '([A-Z]+_[A-Z_]+)'/g),
    ].flatMap(([, code = '']) => code),
  );
  const listed = [...document.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
  expect(listed).toEqual([...new Set(listed)].toSorted());
  expect(thrown.filter((code) => !listed.includes(code))).toEqual([]);
  expect(listed.filter((code) => !read('docs/errors.md').includes(`| \`${code ?? ''}\``))).toEqual(
    [],
  );
});
