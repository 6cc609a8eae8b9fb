import { shortDigest } from '../digest/short-digest.ts';
import type { Finding } from '../finding.ts';
import { changedPlace, changedText, fileIn } from './changed-tree.ts';
import type { ChangedTree } from './changed-tree.ts';

/** Code that runs in a service or a Job, or deploys; of declarations and contracts the graph tells. */
const CODE =
  /^(?:services\/(?<service>[\w-]+)|(?<other>jobs|language|verifier|providers\/(?:cluster|local|postgres)|tools\/backup))\/.+\.ts$|^(?<role>docs\/deployer-role\.yaml)$/;
const DECLARATION = /\/(?:service|access|topics|task)\.ts$/;
const OTHERS = /\.test\.ts$|\/(?:testing|gen|simulation|testdata)\//;

/** What answers for all services, or has more rights than any. */
const TRUSTED: Readonly<Record<string, string>> = {
  kit: 'every service is held by it to who may call and for whom; not assessed',
  jobs: 'it runs as the owner of databases and engines; not assessed',
  'providers/cluster': 'it runs with the rights of whoever deploys; not assessed',
  'providers/local': 'it runs with the rights of whoever deploys; not assessed',
  'providers/postgres': 'it runs as the owner of every database; not assessed',
  'docs/deployer-role.yaml': 'whoever deploys is given other rights by it; not assessed',
};

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
    const place = changedPlace(changedText(first, fileIn(base, first), fileIn(head, first)));
    return {
      ...toldOf(program),
      subject: program,
      among: 'programs',
      property: more.length === 0 ? first : `${first} and ${more.length} more`,
      // An approval holds for this code alone.
      after: contentDigest(head, ofProgram),
      at: place,
    };
  });
}

function toldOf(program: string): Pick<Finding, 'kind' | 'consequence'> {
  const consequence = TRUSTED[program];
  return consequence === undefined
    ? {
        kind: 'code-changed',
        consequence: 'what it does is not assessed; it runs once its image is built',
      }
    : { kind: 'trusted-code-changed', consequence };
}

function contentDigest(folder: string, files: readonly string[]): string {
  const content = files.toSorted().map((file) => [file, fileIn(folder, file) ?? null]);
  return shortDigest(JSON.stringify(content), 12);
}

function programOf(file: string): string {
  const { service, other, role } = CODE.exec(file)?.groups ?? {};
  return service ?? other ?? role ?? file;
}
