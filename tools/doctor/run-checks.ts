import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { OUTCOMES, unchecked } from './answer.ts';
import type { Answer, Check } from './answer.ts';

/** Milliseconds that a check has for all that it asks. */
export const CHECK_MS = 20_000;

/** Carries all out at once and gives every answer, what failed first. Of errors only a CodedError ends the others. */
export async function runChecks(
  checks: readonly Check[],
  limitMs: number = CHECK_MS,
): Promise<readonly Answer[]> {
  return inOrder((await Promise.all(checks.map((check) => carryOut(check, limitMs)))).flat());
}

/** What failed first, then what nobody could ask. */
export function inOrder(answers: readonly Answer[]): readonly Answer[] {
  const place = ({ outcome }: Answer): number => OUTCOMES.indexOf(outcome);
  return answers.toSorted((one, other) => place(one) - place(other));
}

async function carryOut({ about, run }: Check, limitMs: number): Promise<readonly Answer[]> {
  const signal = AbortSignal.timeout(limitMs);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error(`no answer came within ${limitMs / 1000} s`));
    });
  });
  try {
    return await Promise.race([run(signal), late]);
  } catch (cause) {
    // One that ends all: without credentials there is nothing to tell.
    if (cause instanceof CodedError) throw cause;
    const why = signal.aborted ? `no answer came within ${limitMs / 1000} s` : reasonOf(cause);
    return [unchecked(about, why)];
  }
}

/** Of an error of a cloud its kind too, which its message often leaves out. */
function reasonOf(cause: unknown): string {
  const message = messageOf(cause);
  const kind = cause instanceof Error ? cause.name : '';
  return kind === '' || kind === 'Error' || message.includes(kind)
    ? message
    : `${kind}: ${message}`;
}
