import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { SEVERITIES } from '@meridian/policies/severity.ts';
import type { Finding } from '../finding.ts';
import { CORPUS } from './corpus.ts';
import { editedFiles } from './corpus-change.ts';
import type { CorpusChange } from './corpus-change.ts';
import { declareChanges } from './declare-changes.ts';
import type { DeclaredChange } from './declare-changes.ts';

const programFolder = path.resolve(import.meta.dirname, '../../..');

const read = (file: string): string | undefined => {
  const whole = path.join(programFolder, file);
  return existsSync(whole) ? readFileSync(whole, 'utf8') : undefined;
};

/** What comes of each change, by its name. */
let told: ReadonlyMap<string, DeclaredChange> = new Map();

beforeAll(async () => {
  const results = await declareChanges(
    programFolder,
    CORPUS.map((change) => editedFiles(change, read)),
  );
  told = new Map(
    CORPUS.flatMap(({ name }, place) => {
      const result = results[place];
      return result === undefined ? [] : [[name, result] as const];
    }),
  );
}, 60_000);

/** The findings of a change; what it does not declare fails with the reason. */
function findingsOf(name: string): readonly Finding[] {
  const result = told.get(name) ?? { error: 'it was not evaluated' };
  if ('error' in result) throw new Error(`Change '${name}' declares nothing: ${result.error}`);
  return result.findings;
}

/** What stands on the line that is blamed, whichever side has it. */
function lineOf(change: CorpusChange, { at }: Finding): string {
  if (at === undefined) return 'nowhere';
  const edited = editedFiles(change, read);
  const [head, base] = [edited[at.file], read(at.file)].map(
    (text) => text?.split('\n')[at.line - 1]?.trim() ?? '',
  );
  return `${at.file}: ${head ?? ''} | ${base ?? ''}`;
}

describe.each(['refactor', 'benign', 'dangerous'] as const)('of what is %s', (group) => {
  const changes = CORPUS.filter((change) => change.group === group);

  test('there are twenty changes at least, each with a name of its own', () => {
    expect(changes.length).toBeGreaterThanOrEqual(20);
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  });

  test.each(changes.map((change) => [change.name, change] as const))('%s', (name, change) => {
    const findings = findingsOf(name);
    const expected = change.declared.map(({ kind, subject }) => `${kind}: ${subject}`);
    const found = findings.map(({ kind, subject }) => `${kind}: ${subject}`);
    // A subject is given as far as it matters.
    const shortened = found.map((one) => expected.find((each) => one.startsWith(each)) ?? one);
    expect(shortened.toSorted()).toEqual(expected.toSorted());
    for (const { kind, subject, at } of change.declared) {
      if (at === undefined) continue;
      const [file, words] = at;
      const finding = findings.find((one) => one.kind === kind && one.subject.startsWith(subject));
      const line = finding === undefined ? 'nowhere' : lineOf(change, finding);
      expect(line.startsWith(`${file}: `) && line.includes(words) ? at : line).toBe(at);
    }
    const levels = findings.map(({ kind }) => SEVERITIES[kind].level);
    expect(levels.includes('danger')).toBe(group === 'dangerous');
  });
});

describe('a change of the corpus', () => {
  test('fails by its name when what it edits is there no more', () => {
    const edit = { file: 'a.ts', find: 'two', replace: '2' };
    const change = { name: 'two become 2', edits: [edit] };
    expect(() => editedFiles(change, () => 'one')).toThrow(
      "Change 'two become 2' of the corpus: 'two' must be in a.ts once, got 0 times",
    );
    expect(() => editedFiles(change, () => 'two two')).toThrow('got 2 times');
    expect(() => editedFiles(change, () => undefined)).toThrow('file a.ts must be there');
    expect(editedFiles(change, () => 'two')).toEqual({ 'a.ts': '2' });
  });
});
