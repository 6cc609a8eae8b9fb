import { CodedError } from '@meridian/language/coded-error.ts';
import { DEFAULT_CHANCES } from './behaviour.ts';
import type { Chances } from './behaviour.ts';

/** The numbers of a configuration, with the defaults of those that it leaves out. Throws a CodedError. */
export function readChances(given: Readonly<Record<string, number>>): Chances {
  const unknown = Object.keys(given).filter((name) => !(name in DEFAULT_CHANCES));
  const tooMany = Object.entries(given).filter(
    ([name, value]) => name.endsWith('Percent') && value > 100,
  );
  const problems = [
    ...unknown.map((name) => `'${name}' must be one of ${Object.keys(DEFAULT_CHANCES).join(', ')}`),
    ...tooMany.map(([name, value]) => `${name} must be 0 to 100, got ${value}`),
  ];
  if (problems.length === 0) return { ...DEFAULT_CHANCES, ...given };
  throw new CodedError('KIT_CONFIGURATION', `Behaviour of the stand-in: ${problems.join('; ')}`);
}
