import type { Finding } from '../finding.ts';
import { changedPlace, changedText, fileIn } from './changed-tree.ts';
import { codeFindings } from './code-findings.ts';
import type { ChangedText, ChangedTree } from './changed-tree.ts';
import { EXCEPTIONS_FILE, exceptionFindings, isOfEntriesAlone } from './exception-findings.ts';
import { judgeFindings } from './judge-files.ts';
import { LOCKFILE, lockfileFindings } from './lockfile-findings.ts';
import {
  ruleListFindings,
  RULES_FILE,
  severityFindings,
  SEVERITY_FILE,
} from './rule-file-findings.ts';
import { migrationFindings } from './migration-findings.ts';
import { OF_PACKAGES, packageFileFindings } from './package-file-findings.ts';
import { PULUMI_FILE, stackFileFindings } from './stack-file-findings.ts';

/** What is told of files of a form. */
interface FileRow {
  readonly files: RegExp | string;
  readonly tell: (changed: ChangedText) => readonly Finding[];
}

/** What a repository holds its own changes against, and how git lays them out. */
const OF_CHECKS =
  /^(?:tests\/architecture\/|\.git(?:attributes|modules|ignore)$|\.dependency-cruiser\.mjs$|jest\.config\.|\.oxlintrc\.json$|tools\/lint\/|tsconfig[\w.]*\.json$|CODEOWNERS$)/;

const ROWS: readonly FileRow[] = [
  { files: LOCKFILE, tell: ({ before, after }) => lockfileFindings(before, after) },
  { files: EXCEPTIONS_FILE, tell: ({ before, after }) => exceptionFindings(before, after) },
  { files: RULES_FILE, tell: ({ before, after }) => ruleListFindings(before, after) },
  { files: SEVERITY_FILE, tell: ({ before, after }) => severityFindings(before, after) },
  {
    files: PULUMI_FILE,
    tell: ({ file, before, after }) => stackFileFindings(file, before, after),
  },
  {
    files: /^(?:\.github|\.ci)\//,
    tell: (changed) => [
      whole(
        changed,
        'workflow-changed',
        'workflows',
        'what runs with rights on a merge is another',
      ),
    ],
  },
  {
    files: OF_CHECKS,
    tell: (changed) => [
      whole(changed, 'workflow-changed', 'checks', 'what every change is checked by is another'),
    ],
  },
  {
    files: PULUMI_FILE,
    tell: (changed) =>
      changed.isNew
        ? [whole(changed, 'stack-new', 'stacks', 'settings of a stack that the base does not have')]
        : [],
  },
  {
    files: /^(?:Dockerfile|\.dockerignore|tools\/images\/)/,
    tell: (changed) => [whole(changed, 'image-changed', 'files', 'images are built another way')],
  },
  {
    files: OF_PACKAGES,
    tell: packageFileFindings,
  },
];

/**
 * What changed files mean beside the program's own declarations: for who judges, for what is refused, for the code of others, for
 * what runs on a merge, for schemas and secrets. Everything is read as a text; nothing of the head is run.
 */
export function fileFindings({ base, head, paths }: ChangedTree): readonly Finding[] {
  const changed = paths.map((file) => changedText(file, fileIn(base, file), fileIn(head, file)));
  const judging = changed.filter(
    ({ file, before, after }) => file !== EXCEPTIONS_FILE || !isOfEntriesAlone(before, after),
  );
  return [
    ...judgeFindings(judging),
    ...codeFindings({ base, head, paths }),
    ...migrationFindings(changed),
    ...changed.flatMap((text) =>
      ROWS.filter(({ files }) =>
        typeof files === 'string' ? files === text.file : files.test(text.file),
      ).flatMap(({ tell }) => tell(text)),
    ),
  ];
}

function whole(
  changed: ChangedText,
  kind: Finding['kind'],
  among: string,
  consequence: string,
): Finding {
  const { file, isNew, isGone } = changed;
  return {
    kind,
    subject: file,
    among,
    before: isNew ? 'none' : 'there',
    after: isGone ? 'none' : isNew ? 'there' : 'another',
    consequence,
    at: changedPlace(changed),
  };
}
