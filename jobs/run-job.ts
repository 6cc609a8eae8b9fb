import { parseArgs } from 'node:util';
import { CodedError } from '@meridian/language/coded-error.ts';

/**
 * Runs a program that is given its order as one JSON argument: one line says what was done, and an
 * error what is to be fixed, with exit code 1.
 */
export async function runJob(work: (order: unknown) => Promise<string>): Promise<void> {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    const [text = ''] = positionals;
    process.stdout.write(`${await work(JSON.parse(text))}\n`);
  } catch (thrown) {
    process.exitCode = 1;
    const known = thrown instanceof CodedError;
    process.stderr.write(`${known ? `${thrown.code}: ${thrown.message}` : trace(thrown)}\n`);
  }
}

function trace(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
