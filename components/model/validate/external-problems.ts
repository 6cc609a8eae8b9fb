import { externalBindingName } from '@meridian/language/bindings.ts';
import { standInName } from '../external.ts';
import type { AnyExternal } from '../external.ts';
import { takesWebhooks } from '../http-route.ts';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { duplicateProblems, labelProblem, MAX_NAME_LENGTH } from './name-problems.ts';
import { integerProblem, quoted, quotedList, serviceFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** The last place for what stands in; addresses have room for no more. */
export const MAX_STAND_IN_SLOT = 3;

/** So that what stands in for it has a name that is no longer than a service's. */
const MAX_EXTERNAL_NAME_LENGTH = MAX_NAME_LENGTH - standInName('').length;

/** Systems outside the platform, and what stands in for them. */
export function externalProblems({ services, tasks = [] }: PlatformProps): Problem[] {
  const uses = services.flatMap((service) =>
    service.externals.map((external) => ({ service, external })),
  );
  const externals = [...new Set(uses.map(({ external }) => external))];
  const names = [...new Set(externals.map(({ name }) => name))];
  return [
    ...uses.flatMap(({ service, external }) => ownProblems(service, external)),
    ...duplicateProblems(
      externals.map(({ name }) => name),
      (name) => `External '${name}'`,
      'names of systems outside the platform must be unique',
      'declare it once and import it where it is used',
    ),
    ...duplicateProblems(
      [
        ...[...services, ...tasks].map(({ name }) => name),
        ...names.flatMap((name) => [standInName(name), externalBindingName(name)]),
      ],
      (name) => `Name '${name}'`,
      'what stands in for a system outside the platform, and the binding to it, must have names that no service or task has',
      'rename the external where it is declared',
    ),
    ...slotProblems(externals),
  ];
}

function ownProblems(service: AnyService, external: AnyExternal): Problem[] {
  const { name, secrets, standIn } = external;
  const subject = `External '${name}'`;
  const file = serviceFile(service.name);
  const fix = `set it in ${file}`;
  const receives = (service.contract?.methods ?? []).some(takesWebhooks);
  const folder = `services/${service.name}/`;
  const isEntry = /^services\/[a-z0-9-]+(\/[\w-]+)+\.ts$/.test(standIn.entry);
  return [
    ...labelProblem(subject, name, MAX_EXTERNAL_NAME_LENGTH, file),
    ...(new Set(secrets).size === secrets.length
      ? []
      : [{ subject, rule: 'secrets must name each once', given: quotedList(secrets), fix }]),
    ...(receives || !secrets.includes('webhook-secret')
      ? []
      : [
          {
            subject,
            rule: "it must have no 'webhook-secret', as no method of its service takes webhooks (raw_webhook)",
            given: quotedList(secrets),
            fix,
          },
        ]),
    ...(isEntry && standIn.entry.startsWith(folder)
      ? []
      : [
          {
            subject,
            rule: `standIn.entry must be a TypeScript file below ${folder}, by its path from the program's root`,
            given: quoted(standIn.entry),
            fix,
          },
        ]),
    ...integerProblem(subject, 'standIn.slot', standIn.slot, [0, MAX_STAND_IN_SLOT], fix),
  ];
}

function slotProblems(externals: readonly AnyExternal[]): Problem[] {
  const bySlot = Map.groupBy(externals, ({ standIn }) => standIn.slot);
  return [...bySlot].flatMap(([slot, sharers]): Problem[] => {
    const names = [...new Set(sharers.map(({ name }) => name))];
    if (names.length < 2) return [];
    return [
      {
        subject: `Slot '${slot}' of stand-ins`,
        rule: 'must be of one external, as addresses follow from it',
        given: quotedList(names),
        fix: 'give one of them another standIn.slot where it is declared',
      },
    ];
  });
}
