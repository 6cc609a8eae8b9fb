import { expectSuccess } from './platform-under-test.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** A row of `status --json`. */
export interface Health {
  readonly zone: string;
  readonly service: string;
  readonly health: string;
}

/** What `up --json` prints. */
export interface UpResult {
  readonly changes: Readonly<Record<string, number>>;
  readonly startedAgain: number;
  readonly edge: { readonly url: string; readonly curl: string };
  readonly health: readonly Health[];
}

/** Brings a platform up and gives what the command told. */
export async function up(platform: PlatformUnderTest, ...args: string[]): Promise<UpResult> {
  const outcome = await platform.run(['up', '--json', ...args]);
  expectSuccess(outcome);
  return JSON.parse(outcome.stdout) as UpResult;
}
