import type { PlatformProps } from '../platform.ts';
import { integerProblem, quotedList, serviceFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** Highest slot: a /24 has that many blocks of eight addresses beside those of engines. */
export const MAX_SLOT = 28;

/** The lowest slot that none of the services has; undefined if every one is taken. */
export function freeSlot(services: PlatformProps['services']): number | undefined {
  const taken = new Set(services.map(({ slot }) => slot));
  return Array.from({ length: MAX_SLOT + 1 }, (_, slot) => slot).find((slot) => !taken.has(slot));
}

/** Slots out of range, and slots of more than one service. */
export function slotProblems({ services }: PlatformProps): Problem[] {
  const taken = services.map(({ slot }) => slot);
  const free = freeSlot(services);
  const fix = (service = '') =>
    `set ${free === undefined ? 'a free one' : `a free one, such as ${free},`} in ${serviceFile(service)}`;
  const shared = [...new Set(taken.filter((slot, place) => taken.indexOf(slot) !== place))];
  return [
    ...services.flatMap(({ name, slot }) =>
      integerProblem(`Service '${name}'`, 'slot', slot, [0, MAX_SLOT], fix(name)),
    ),
    ...shared.map((slot) => {
      const names = services.filter((service) => service.slot === slot).map(({ name }) => name);
      return {
        subject: `Slot '${slot}'`,
        rule: 'must be of one service, as addresses follow from it',
        given: quotedList(names),
        fix: fix(names.at(-1)),
      };
    }),
  ];
}
