import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(path.dirname(import.meta.dirname));

/** The files of the program with one of some endings, without tests and what was generated. */
export function programSources(endings: readonly string[]): readonly string[] {
  return endings
    .flatMap((ending) =>
      globSync(`{components,infra,jobs,language,providers,services,stacks,tools}/**/*.${ending}`, {
        cwd: root,
        exclude: (name) => ['node_modules', 'gen', 'testing'].includes(name),
      }),
    )
    .filter((file) => !file.endsWith('.test.ts'));
}

/** What a file of the program says besides its comments. */
export function codeOf(file: string): string {
  const source = readFileSync(path.join(root, file), 'utf8');
  return source.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/(^|\s)\/\/[^\n]*/g, '');
}

/** The different texts of a file, besides its comments, that match; the pattern is global. */
export function namesIn(file: string, pattern: RegExp): readonly string[] {
  return [...new Set(codeOf(file).match(pattern) ?? [])];
}
