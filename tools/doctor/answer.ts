/** How a check went: 'unchecked' is what could not be asked, which is told and is never taken for 'passed'. */
export const OUTCOMES = ['failed', 'unchecked', 'passed'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What one check says of one thing. */
export interface Answer {
  readonly outcome: Outcome;
  /** What was looked at, such as "Zone 'a'". */
  readonly about: string;
  /** What is so; of what failed, what must be and what to do. Never a secret. */
  readonly said: string;
}

/** Something that is asked of a cloud. */
export interface Check {
  readonly about: string;
  /** Gives an answer for each thing that it looks at. What it throws is 'unchecked'. */
  readonly run: (signal: AbortSignal) => Promise<readonly Answer[]>;
}

/** It is as it must be. */
export function passed(about: string, said: string): Answer {
  return { outcome: 'passed', about, said };
}

/** It is not as it must be. */
export function failed(about: string, said: string): Answer {
  return { outcome: 'failed', about, said };
}

/** Nobody could be asked. */
export function unchecked(about: string, said: string): Answer {
  return { outcome: 'unchecked', about, said };
}
