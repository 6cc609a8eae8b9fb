import { ownerRoleName, sqlName } from '../grants.ts';
import type { PlatformProps } from '../platform.ts';
import { duplicateProblems, labelProblem, MAX_NAME_LENGTH } from './name-problems.ts';
import { integerProblem, quoted, serviceFile } from './problem.ts';
import type { Problem } from './problem.ts';
import type { PostgresStore } from '../store.ts';

/**
 * Roles of PostgreSQL that belong to no service: its superuser, in a cluster those that copy and migrate,
 * and the owner of the database that nobody uses. A service of such a name would become one of them.
 */
const POSTGRES_ROLES = ['postgres', 'streaming_replica', 'migrator', 'unused'];

/** Redis's own; a service of that name would become one of them. */
const REDIS_USERS = ['admin', 'default'];

/** Names of stores and their bindings, and folders of migrations. */
export function storeProblems({ services }: PlatformProps): Problem[] {
  const stores = services.flatMap((service) =>
    service.stores.map((store) => ({ service: service.name, store })),
  );
  return [
    ...stores.flatMap(({ service, store }) =>
      labelProblem(`Store '${store.name}'`, store.name, MAX_NAME_LENGTH, serviceFile(service)),
    ),
    ...duplicateProblems(
      [...services.map(({ name }) => name), ...stores.map(({ store }) => store.binding)],
      (binding) => `Binding '${binding}'`,
      'the binding of a store must differ from those of other stores and of services',
      'rename the store where it is declared',
    ),
    ...duplicateProblems(
      [
        ...POSTGRES_ROLES,
        ...services.map(({ name }) => sqlName(name)),
        ...stores
          .filter(({ store }) => store.kind === 'postgres')
          .map(({ store }) => ownerRoleName(store.name)),
      ],
      (role) => `Database role '${role}'`,
      'it must belong to one service or store only',
      'rename the service or the store where it is declared',
    ),
    ...duplicateProblems(
      [
        ...REDIS_USERS,
        ...new Set(
          stores.filter(({ store }) => store.kind === 'redis').map(({ service }) => service),
        ),
      ],
      (user) => `Redis user '${user}'`,
      'it must belong to one service only',
      'rename the service where it is declared',
    ),
    ...stores.flatMap(({ service, store }) =>
      store.kind === 'postgres'
        ? [
            ...migrationProblems(service, store.name, store.migrations),
            ...tableProblems(service, store),
          ]
        : [],
    ),
  ];
}

/**
 * A record that was set aside may be read again for 37 days (docs/retention.md), and nothing should move that was
 * not reconciled many times.
 */
export const KEEP_DAYS_RANGE = [90, 36_500] as const;

/** What PostgreSQL takes as the name of a table without quotes. */
const TABLE = /^[a-z_][a-z0-9_]{0,62}$/;

function tableProblems(service: string, { name, appendOnly, keepDays }: PostgresStore): Problem[] {
  const subject = `Store '${name}'`;
  const fix = `set it in ${serviceFile(service)}`;
  return [
    ...appendOnly
      .filter((table, index) => !TABLE.test(table) || appendOnly.indexOf(table) !== index)
      .map((table) => ({
        ...{ subject, given: quoted(table), fix },
        rule: 'appendOnly must name tables as SQL takes them without quotes, each once',
      })),
    ...(typeof keepDays === 'number'
      ? integerProblem(subject, 'keepDays', keepDays, KEEP_DAYS_RANGE, fix)
      : []),
    ...(keepDays !== undefined && appendOnly.length === 0
      ? [
          {
            subject,
            rule: 'keepDays must be of a store with appendOnly tables',
            given: 'none',
            fix,
          },
        ]
      : []),
  ];
}

function migrationProblems(service: string, store: string, folder: string): Problem[] {
  const root = `services/${service}/`;
  const inside = /^services\/[a-z0-9-]+(\/[a-z0-9-]+)+$/.test(folder) && folder.startsWith(root);
  if (inside) return [];
  return [
    {
      subject: `Store '${store}'`,
      rule: `migrations must be a folder below ${root} (lower-case letters, digits and hyphens)`,
      given: quoted(folder),
      fix: `set it in ${serviceFile(service)}`,
    },
  ];
}
