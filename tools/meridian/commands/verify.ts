import { runChecks } from '../checks.ts';

/** Runs every static check. */
export async function verify(): Promise<number> {
  const { passed, failed } = await runChecks();
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}
