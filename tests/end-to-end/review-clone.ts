import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CorpusChange } from '../../tools/review/corpus/corpus-change.ts';
import { editedFiles } from '../../tools/review/corpus/corpus-change.ts';
import { isReviewed } from '../../tools/review/stack-review.ts';
import type { FailedReview, ReviewResult, StackReview } from '../../tools/review/stack-review.ts';
import { ProgramClone } from './program-clone.ts';
import type { CommandResult } from './program-clone.ts';

/** In whatever a reviewer has that is not to be told. */
export const SECRET_MARKER = 'marker-of-a-secret';

/** A clone of the program whose changes are reviewed, with a cache of its own. */
export class ReviewClone extends ProgramClone {
  /** Commits the program as it is to the branch main, with a secret among its settings. */
  static async create(): Promise<ReviewClone> {
    const clone = new ReviewClone();
    clone.settings('staging', { 'kubernetes:kubeconfig': { secure: `v1:${SECRET_MARKER}` } });
    await clone.commitAll();
    return clone;
  }

  /** Runs the command as somebody with all sorts of things in the environment. */
  review(...args: readonly string[]): Promise<CommandResult> {
    return this.meridian(['review', ...args], this.reviewer);
  }

  /** The same, begun and not waited for. */
  beginReview(...args: readonly string[]): ChildProcess {
    return this.begin(['review', ...args], this.reviewer);
  }

  /** What is in the environment of whoever reviews. */
  get reviewer(): NodeJS.ProcessEnv {
    return {
      AWS_SECRET_ACCESS_KEY: SECRET_MARKER,
      KUBECONFIG: `/${SECRET_MARKER}`,
      XDG_CACHE_HOME: path.join(this.root, 'cache'),
    };
  }

  /** What a review of a stack finds in a range. Throws Error where it was called wrongly. */
  async found(range: string, stack = 'staging'): Promise<StackReview | FailedReview> {
    const { stdout, stderr } = await this.review(range, '--stack', stack, '--json');
    if (stdout === '') throw new Error(stderr);
    const { reviews } = JSON.parse(stdout) as { readonly reviews: readonly ReviewResult[] };
    const [result] = reviews;
    if (result === undefined) throw new Error('nothing was reviewed');
    return result;
  }

  /** The same where it has to be reviewed. */
  async reviewOf(range: string, stack?: string): Promise<StackReview> {
    const result = await this.found(range, stack);
    if (isReviewed(result)) return result;
    throw new Error(`${result.code}: ${result.message}`);
  }

  /** Makes the files those of a change of the corpus. */
  apply(change: Pick<CorpusChange, 'name' | 'edits'>): void {
    const read = (file: string): string | undefined => {
      try {
        return readFileSync(path.join(this.folder, file), 'utf8');
      } catch {
        return undefined;
      }
    };
    for (const [file, text] of Object.entries(editedFiles(change, read))) {
      const place = path.join(this.folder, file);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text);
    }
  }

  /** Takes back whatever was not committed. */
  async takeBack(): Promise<void> {
    await this.git('checkout', '--quiet', '--force', 'main');
    await this.git('clean', '--quiet', '--force', '-d');
  }
}
