import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { REVISION_VARIABLE } from '../../../infra/outputs.ts';
import { parseEvents } from '../../meridian/rehearsal/engine-events.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { lastSteps } from '../../meridian/rehearsal/last-steps.ts';

/** What the program says as the stack's output `deployedRevision`: and nothing where files were changed since. */
function revisionOf(program: string): Readonly<Record<string, string>> {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: program, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const isCommit = git('status', '--porcelain') === '';
    return { [REVISION_VARIABLE]: isCommit ? git('rev-parse', 'HEAD') : '' };
  } catch {
    // No repository, and so no revision.
    return { [REVISION_VARIABLE]: '' };
  }
}

/**
 * A deployment by whoever deploys: with the Pulumi on the PATH, its plugins, credentials and backend. What is done is
 * bound to what was previewed by the engine's own plan.
 *
 * Source: Pulumi 3, "Update plans" (`pulumi preview --save-plan`, `pulumi up --plan`)
 */
export class RealDeployment {
  readonly #program: string;
  readonly #stack: string;
  /** For its user alone: a plan has all that resources are given. */
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'meridian-approved-'));

  /** @param program folder with the program that is deployed */
  constructor(program: string, stack: string) {
    this.#program = program;
    this.#stack = stack;
  }

  /**
   * Asks the real providers what a deployment would do.
   *
   * @throws {CodedError} PULUMI_MISSING, DEPLOYMENT_FAILED
   */
  async preview(): Promise<readonly StepMetadata[]> {
    const events = path.join(this.#folder, 'events.jsonl');
    await this.#succeed(['preview', '--save-plan', this.#plan, '--event-log', events]);
    return lastSteps(parseEvents(readFileSync(events, 'utf8')));
  }

  /**
   * Does what was previewed, and nothing else: the engine refuses an operation that its plan does not have.
   *
   * @throws {CodedError} DEPLOYMENT_FAILED
   */
  async up(): Promise<void> {
    await this.#succeed(['up', '--yes', '--plan', this.#plan]);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #plan(): string {
    return path.join(this.#folder, 'plan.json');
  }

  async #succeed(args: readonly [string, ...string[]]): Promise<void> {
    const exitCode = await this.#pulumi([
      ...args,
      ...['--stack', this.#stack, '--policy-pack', path.join(this.#program, 'policies')],
      '--non-interactive',
    ]);
    if (exitCode === 0) return;
    throw new CodedError(
      'DEPLOYMENT_FAILED',
      `Stack '${this.#stack}': pulumi ${args[0]} must end with exit code 0, got ${exitCode}; its output above says why, and the same command goes on from what was done`,
    );
  }

  async #pulumi(args: readonly string[]): Promise<number> {
    const child = spawn('pulumi', args, {
      cwd: this.#program,
      // All of the caller's: credentials and backend are in it. The event log is one of its commands for developers.
      env: {
        ...process.env,
        ...revisionOf(this.#program),
        PULUMI_DEBUG_COMMANDS: 'true',
        PULUMI_EXPERIMENTAL: 'true',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    try {
      return await new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve(code ?? 130));
      });
    } catch (cause) {
      if (!isSystemError(cause, 'ENOENT')) throw cause;
      throw new CodedError(
        'PULUMI_MISSING',
        `Program 'pulumi': must be on the PATH to deploy stack '${this.#stack}', got none; install the version that './meridian doctor' names`,
        { cause },
      );
    }
  }
}
