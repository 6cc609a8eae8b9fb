import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { ReviewOptions } from '../meridian/commands/review.ts';
import { namedPlaces } from './resources/aspect.ts';
import { projectNode } from '../bootstrap/install-packages.mjs';
import { layOutTree, WORKTREE } from './trees/lay-out-tree.ts';
import { stacksOf } from './reviewed-stacks.ts';
import { startingFilesThatDiffer } from './trees/starting-files.ts';
import { providePackages } from './packages/provide-packages.ts';
import { reviewCache } from './review-cache.ts';
import type { ReviewRange } from './review-range.ts';
import type { LaidOutTree } from './trees/lay-out-tree.ts';

/** What a judge is told that a change cannot tell it: whose history it reads, and which revision it is of. */
export interface GivenReview {
  /** Folder of the clone. */
  readonly repository: string;
  readonly judge: LaidOutTree;
}

const VARIABLE = 'MERIDIAN_REVIEW';

/** Where this process is the judge of a review, what it was told; undefined where it is what somebody called. */
export function givenReview(environment: Readonly<NodeJS.ProcessEnv>): GivenReview | undefined {
  const text = environment[VARIABLE];
  return text === undefined ? undefined : (JSON.parse(text) as GivenReview);
}

/** What starts a review in a tree. */
const COMMAND = 'tools/meridian/commands/review.ts';

/**
 * Has a review made by the tool of the base, or of another revision that is named, and gives its exit code.
 *
 * @throws {CodedError} REVISION_UNKNOWN, STACK_UNKNOWN, REVIEW_JUDGE_OLDER, CLIENT_MISSING
 */
export async function reviewedByJudge(
  repository: string,
  { base, head }: ReviewRange,
  options: ReviewOptions,
  { quiet = false }: { readonly quiet?: boolean } = {},
): Promise<number> {
  const revision = options.judge ?? base;
  const cache = reviewCache();
  // Before anything is installed: it is what people mistype.
  const baseTree = await layOutTree(repository, base, cache);
  const headFolder =
    head === WORKTREE ? repository : (await layOutTree(repository, head, cache)).folder;
  stacksOf(options.stack, [baseTree.folder, headFolder]);
  const judge =
    options.judge === undefined ? baseTree : await layOutTree(repository, revision, cache);
  if (!existsSync(path.join(judge.folder, COMMAND))) {
    throw new CodedError(
      'REVIEW_JUDGE_OLDER',
      `Revision '${revision}': must have a tool that reviews, got one from before there was any; name one that has with --judge <revision>, which the report then says`,
    );
  }
  warnOfOtherTool(repository, judge.folder, revision);
  await providePackages(judge, repository, cache);
  return await new Promise((resolve, reject) => {
    const child = spawn(
      projectNode(judge.folder),
      ['tools/meridian/main.ts', 'review', `${base}..${head}`, ...argumentsOf(options)],
      {
        cwd: judge.folder,
        env: {
          ...process.env,
          [VARIABLE]: JSON.stringify({ repository, judge } satisfies GivenReview),
        },
        stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
      },
    );
    const forward = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const each of SIGNALS) process.off(each, forward);
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
}

/**
 * What starts a review is of the folder that it is called in. In a stranger's checkout that would be the stranger's, and
 * could have said anything by now; in one's own it is good to know.
 */
function warnOfOtherTool(repository: string, judge: string, revision: string): void {
  const differing = startingFilesThatDiffer(repository, judge);
  if (differing.length === 0) return;
  process.stderr.write(
    `meridian: what started this review is not that of '${revision}': ${namedPlaces(differing)} differ here. If they are not edits of your own, trust nothing that it printed, and review from a checkout of '${revision}' (docs/review.md).\n`,
  );
}

/** By which somebody breaks off: the judge removes what it has made, and then ends. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function argumentsOf({ stack, json, markdown, out }: ReviewOptions): readonly string[] {
  return [
    '--stack',
    stack,
    ...(json === true ? ['--json'] : []),
    ...(markdown === true ? ['--markdown'] : []),
    ...(out === undefined ? [] : ['--out', path.resolve(out)]),
  ];
}
