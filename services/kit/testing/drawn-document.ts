import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/**
 * Holds what is drawn from data against what a document has between two markers; draws it there instead where
 * goldens are updated.
 *
 * @param file relative to the repository
 */
export function expectDrawn(
  file: string,
  [begin, end]: readonly [begin: string, end: string],
  drawn: string,
): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(begin);
  const [before = '', after = ''] = [text.split(begin)[0], text.split(end)[1]];
  const whole = `${before}${begin}\n\n${drawn}\n\n${end}${after}`;
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, whole);
  else expect(text).toBe(whole);
}
