import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { OTHER_CHANGES, REFUSED } from '../cluster/harness/changes/other-changes.ts';
import { TWELVE_KINDS } from '../cluster/harness/changes/twelve-kinds.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const changes = [TWELVE_KINDS, ...OTHER_CHANGES, REFUSED];

// All of them are made by `npm run test:cluster -- up --all` and `npm run test:long -- changes-of-staging` alone.
test('every change of staging that is previewed on a cluster has something to change', () => {
  for (const together of changes) {
    const texts = new Map<string, string>();
    for (const [file, from, to] of together.flatMap(({ edits = [] }) => edits)) {
      const before = texts.get(file) ?? readFileSync(path.join(root, file), 'utf8');
      const after = before.replace(from, to);
      expect({ file, from, isThere: after !== before }).toEqual({ file, from, isThere: true });
      texts.set(file, after);
    }
  }
});

test('they are forty at the least, twelve of them in every run', () => {
  expect(TWELVE_KINDS).toHaveLength(12);
  expect(changes.flat().length).toBeGreaterThanOrEqual(40);
  const names = changes.flat().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
