import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quoted, quotedList } from '../model/validate/problem.ts';
import type { Problem } from '../model/validate/problem.ts';

/** The number is what node-pg-migrate orders by, and all of it is in front of the first underscore. */
const MIGRATION = /^(\d{1,9})_[\w-]+\.sql$/;

/** What the names of a folder's files must be for each of them to run, in an order that does not depend on who reads it. */
export function migrationNameProblems(
  root: string,
  { folder, database }: { readonly folder: string; readonly database: string },
): readonly Problem[] {
  const files = readdirSync(join(root, folder))
    .filter((name) => !name.startsWith('.'))
    .toSorted();
  const subject = `Store '${database}'`;
  const fix = `rename it in ${folder}`;
  const named = files.map((file) => ({ file, number: MIGRATION.exec(file)?.[1] }));
  const numbered = Map.groupBy(
    named.filter(({ number }) => number !== undefined),
    ({ number }) => Number(number),
  );
  return [
    ...named
      .filter(({ number }) => number === undefined)
      .map(({ file }) => ({
        ...{ subject, given: quoted(file), fix: `${fix}, or take it out` },
        rule: "files of migrations must be named by a number and what they do, such as '0002_create-index.sql'",
      })),
    ...[...numbered]
      .filter(([, same]) => same.length > 1)
      .map(([number, same]) => ({
        ...{ subject, fix: `rename what has not run yet in ${folder}` },
        rule: `migrations must have a number of their own each, as they run in the order of numbers, and ${number} is taken`,
        given: quotedList(same.map(({ file }) => file).toSorted()),
      })),
    ...(files.length === 0
      ? [
          {
            ...{ subject, given: 'no file' },
            rule: "migrations must be a folder with a first file, such as '0001_create-products.sql'",
            fix: `write it in ${folder}`,
          },
        ]
      : []),
  ];
}
