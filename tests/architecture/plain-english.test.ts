import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = path.dirname(path.dirname(import.meta.dirname));

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** What people read, in documents and in sources; what is generated follows from them. */
const files = globSync('**/*.{md,ts,mjs,proto}', {
  cwd: root,
  exclude: (name) => ['node_modules', 'gen', 'coverage'].includes(name),
}).filter((file) => path.join(root, file) !== import.meta.filename);

describe('the English of documents, messages and comments', () => {
  test.each([
    ["'again' is written for 'anew', and 'fix' for 'mend'", /\b(anew|mend(s|ed|ing)?)\b/i],
    [
      "'is not an X' is written for 'is no X'",
      /(?<!\bthere )\b(is|are|was|were) no (?!longer\b|more\b|less\b|one\b|other\b)\w/i,
    ],
    ["a sentence does not begin with 'Who' as its subject", /(^|[.;:] )Who \w+s .* (wants|must)\b/],
  ])('%s', (_rule, pattern) => {
    const found = files.flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });
});

describe('decisions', () => {
  const decisions = globSync('docs/decisions/*.md', { cwd: root }).toSorted();

  test.each(decisions)(
    '%s has a title with its number, and the sections of all of them',
    (file) => {
      const lines = read(file).split('\n');
      const number = Number(path.basename(file).slice(0, 4));
      expect(lines[0]).toMatch(new RegExp(`^# ${number}\\. [A-Z].*[^.]$`));
      const sections = lines.filter((line) => line.startsWith('## ')).map((line) => line.slice(3));
      expect(['Situation', 'Decision', 'Chosen against', 'Price']).toEqual(
        expect.arrayContaining(sections),
      );
      expect(sections.filter((section) => section !== 'Chosen against')).toEqual([
        'Situation',
        'Decision',
        'Price',
      ]);
    },
  );
});
