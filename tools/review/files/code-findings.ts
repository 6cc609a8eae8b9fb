import { createHash } from 'node:crypto';
import type { Finding } from '../finding.ts';
import { changedFile } from '../positions/changed-lines.ts';
import { fileIn } from './changed-tree.ts';
import type { ChangedTree } from './changed-tree.ts';

/** Code that runs in a service or a Job; of declarations and contracts the graph tells. */
const CODE = /^(?:services\/(?<service>[\w-]+)|(?<jobs>jobs)|(?<language>language))\/.+\.ts$/;
const DECLARATION = /\/(?:service|access|topics|task)\.ts$/;
const OTHERS = /\.test\.ts$|\/(?:testing|gen|simulation|testdata)\//;

/**
 * Whose programs a change alters. What they do is not looked at, and whoever approves the change has to know that:
 * without a finding it would be said to be none for anyone.
 */
export function codeFindings({ base, head, paths }: ChangedTree): readonly Finding[] {
  const files = paths.filter(
    (file) => CODE.test(file) && !DECLARATION.test(file) && !OTHERS.test(file),
  );
  return [...Map.groupBy(files, programOf)].map(([program, ofProgram]) => {
    const [first = '', ...more] = ofProgram;
    const [before, after] = [base, head].map((folder) => fileIn(folder, first) ?? '');
    const { added, removed } = changedFile(first, before ?? '', after ?? '');
    return {
      kind: 'code-changed',
      subject: program,
      among: 'programs',
      property: more.length === 0 ? first : `${first} and ${more.length} more`,
      // An approval holds for this code alone.
      after: contentDigest(head, ofProgram),
      consequence: 'what it does is not assessed; it runs once its image is built',
      at: { file: first, line: (added[0] ?? removed[0])?.line ?? 1 },
    };
  });
}

function contentDigest(folder: string, files: readonly string[]): string {
  const content = files.toSorted().map((file) => [file, fileIn(folder, file) ?? null]);
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return `sha256:${digest.slice(0, 12)}`;
}

function programOf(file: string): string {
  const { service, jobs, language } = CODE.exec(file)?.groups ?? {};
  return service ?? jobs ?? language ?? file;
}
