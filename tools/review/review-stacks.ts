import { mkdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import type { ReviewOptions } from '../meridian/commands/review.ts';
import { printJson } from '../meridian/output/print-json.ts';
import { Rehearsal } from '../meridian/rehearsal/rehearsal.ts';
import { rehearsalPrograms } from '../meridian/rehearsal/rehearsal-programs.ts';
import { fileFindings } from './files/file-findings.ts';
import type { GivenReview } from './judge.ts';
import { readChangedLines } from './positions/read-changed-lines.ts';
import { exitCodeOf } from './report/exit-code.ts';
import { operationsFile } from './operations-file.ts';
import { reviewFiles, reviewOutput } from './report/review-files.ts';
import { reviewMarkdown } from './report/review-markdown.ts';
import { reviewText } from './report/review-text.ts';
import { reviewCache } from './review-cache.ts';
import type { ReviewRange } from './review-range.ts';
import { reviewStack } from './review-stack.ts';
import type { MadeReview } from './review-stack.ts';
import { stacksOf } from './reviewed-stacks.ts';
import { availableSandbox } from './sandbox/available-sandbox.ts';
import type { FailedReview, ReviewResult } from './stack-review.ts';
import { changedPaths } from './trees/changed-paths.ts';
import { preparedTree } from './trees/prepared-tree.ts';

/** Reviews a stack, or all of them, tells of it, and gives the exit code. */
export async function reviewStacks(
  { repository, judge }: GivenReview,
  range: ReviewRange,
  options: ReviewOptions,
): Promise<number> {
  const cache = reviewCache();
  removeWhenBrokenOff();
  const sandbox = availableSandbox();
  const programs = await rehearsalPrograms();
  const base = await preparedTree(repository, range.base, judge.folder, cache);
  const head = await preparedTree(repository, range.head, judge.folder, cache);
  const change = {
    base,
    head,
    changed: readChangedLines(base.folder, head.folder),
    ofFiles: fileFindings({
      base: base.folder,
      head: head.folder,
      paths: changedPaths(base.folder, head.folder),
    }),
  };
  const reviewed: (MadeReview | FailedReview)[] = [];
  for (const stack of stacksOf(options.stack, [base.folder, head.folder])) {
    reviewed.push(await reviewStack({ stack, programs, judge, sandbox, cache }, change));
  }
  const results = reviewed.map((one) => ('review' in one ? one.review : one));
  if (options.out !== undefined) writeAll(options.out, reviewed, results);
  tell(results, options);
  return exitCodeOf(results);
}

/** What was made for a review goes with it, however it ends; a shell says 128 and the number of the signal. */
function removeWhenBrokenOff(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      Rehearsal.removeAll();
      process.exit(128 + constants.signals[signal]);
    });
  }
}

function tell(results: readonly ReviewResult[], { json, markdown }: ReviewOptions): void {
  if (json === true) printJson<'review'>(reviewOutput(results));
  else process.stdout.write(markdown === true ? reviewMarkdown(results) : reviewText(results));
}

/** The whole of it, with the operations that each digest is of. */
function writeAll(
  folder: string,
  reviewed: readonly (MadeReview | FailedReview)[],
  results: readonly ReviewResult[],
): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(reviewFiles(results))) {
    writeFileSync(path.join(folder, name), text);
  }
  for (const one of reviewed) {
    if (!('review' in one)) continue;
    const file = path.join(folder, operationsFile(one.review.stack));
    writeFileSync(file, JSON.stringify(one.operations));
  }
}
