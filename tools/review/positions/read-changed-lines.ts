import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { changedFile } from './changed-lines.ts';
import type { ChangedLines } from './changed-lines.ts';

/** Where declarations stand, what they are made of, and what makes objects of them. */
const DECLARING = [
  'services/**/*.{ts,proto,sql}',
  '{components,infra,jobs,language,stacks}/**/*.ts',
  'stacks/**/*.json',
  'Pulumi.*.yaml',
];

/** What no declaration follows from. */
const OTHERS = /(?:^|\/)(?:node_modules|gen|testing|simulation)\/|\.test\.ts$/;

/** The lines that differ between two folders of the program, of files from which declarations and objects follow. */
export function readChangedLines(baseFolder: string, headFolder: string): ChangedLines {
  const files = new Set([baseFolder, headFolder].flatMap(declaringFiles));
  return new Map(
    [...files].toSorted().flatMap((file) => {
      const [base, head] = [baseFolder, headFolder].map((folder) =>
        textOf(path.join(folder, file)),
      );
      if (base === undefined || head === undefined || base === head) return [];
      return [[file, changedFile(file, base, head)] as const];
    }),
  );
}

function declaringFiles(folder: string): readonly string[] {
  const exclude = (file: string): boolean => /(?:^|\/)(?:node_modules|gen)$/.test(file);
  return globSync(DECLARING, { cwd: folder, exclude }).filter((file) => !OTHERS.test(file));
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
