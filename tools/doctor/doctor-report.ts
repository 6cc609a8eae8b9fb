import { OUTCOMES } from './answer.ts';
import type { Answer, Outcome } from './answer.ts';

const TITLES: Readonly<Record<Outcome, string>> = {
  failed: 'WRONG, to be put right before a deployment',
  unchecked: 'NOT CHECKED',
  passed: 'AS IT MUST BE',
};

/** What people read: what is wrong first, then what nobody could ask. */
export function doctorReport(stack: string, answers: readonly Answer[]): string {
  const parts = OUTCOMES.flatMap((outcome) => {
    const lines = answers
      .filter((answer) => answer.outcome === outcome)
      .map(({ about, said }) => `  ${about}: ${said}`);
    return lines.length === 0 ? [] : [`${TITLES[outcome]} (${lines.length})\n${lines.join('\n')}`];
  });
  const count = (of: Outcome): number => answers.filter(({ outcome }) => outcome === of).length;
  return `\nStack '${stack}', as its clouds answer now; nothing was changed.\n\n${parts.join('\n\n')}\n\n${count('failed')} wrong, ${count('unchecked')} not checked, ${count('passed')} as it must be.\n`;
}
