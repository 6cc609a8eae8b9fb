import { z } from 'zod';
import { rowsOf } from './github-api.ts';
import type { GitHubAccess } from './github-api.ts';
import type { WorkflowRun } from './workflow-run.ts';

/** GitHub lists no more files of a pull request than this. */
const FILES_MAX = 3_000;

const changedFile = z.object({
  filename: z.string(),
  previous_filename: z.string().optional(),
});

/** Where GitHub finds what it runs: workflows, and actions of the repository itself. */
const RUN_BY_GITHUB = /^\.github\//i;

/**
 * Which files of a pull request decide what GitHub runs for it: a pull request runs by its own workflows, so one that
 * changes them can have written the artifact itself. What cannot be listed may be such a file.
 */
export async function changedWorkflows(
  access: GitHubAccess,
  { repository }: WorkflowRun,
  pullRequest: number,
): Promise<readonly string[]> {
  const changed: string[] = [];
  let files = 0;
  const path = `/repos/${repository}/pulls/${pullRequest}/files?per_page=100`;
  for await (const row of rowsOf(access, path)) {
    files += 1;
    const { filename, previous_filename: previous } = changedFile.parse(row);
    changed.push(
      ...[filename, ...(previous === undefined ? [] : [previous])].filter((file) =>
        RUN_BY_GITHUB.test(file),
      ),
    );
  }
  return files < FILES_MAX ? changed : [...changed, `more than ${FILES_MAX - 1} files`];
}
