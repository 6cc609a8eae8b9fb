import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { databaseGrants } from '../model/grants.ts';
import type { LandedGraph } from '../model/landed.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { describeProblem, quoted, quotedList, serviceFile } from '../model/validate/problem.ts';
import type { Problem } from '../model/validate/problem.ts';
import { migrationNameProblems } from './migration-names.ts';

/**
 * Refuses a program of which a declaration names a folder of migrations or a main file that is not there, and migrations
 * that would not run, or not in one order.
 *
 * @throws {CodedError} DECLARED_FILE_MISSING with every one of them, MIGRATIONS_MISNAMED
 */
export function checkDeclaredFiles(root: string, graph: LandedGraph): void {
  refuse([
    ...graph.services
      .map(({ name }) => ({ name, main: `services/${name}/main.ts` }))
      .filter(({ main }) => !isFile(join(root, main)))
      .map(({ name, main }) => ({
        subject: `Service '${name}'`,
        rule: 'what has code must have a main file',
        given: `no file ${main}`,
        fix: `write it, or set implemented to false in ${serviceFile(name)}`,
      })),
    ...graph.tasks
      .filter(({ entry }) => !isFile(join(root, entry)))
      .map(({ name, entry }) => ({
        subject: `Task '${name}'`,
        rule: 'entry must be a file of the program',
        given: quoted(entry),
        fix: 'set it in the task.ts that declares it',
      })),
    ...migrationProblems(root, graph),
  ]);
  refuseMisnamed(root, graph);
}

/** The same of the folders of migrations alone. Throws CodedError DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED. */
export function checkMigrationFolders(root: string, graph: PlatformGraph): void {
  refuse(migrationProblems(root, graph));
  refuseMisnamed(root, graph);
}

function refuseMisnamed(root: string, graph: PlatformGraph): void {
  const found = databaseGrants(graph).flatMap(({ database, migrations: folder }) =>
    migrationNameProblems(root, { folder, database }),
  );
  if (found.length === 0) return;
  const problems = found.map(describeProblem);
  throw new CodedError('MIGRATIONS_MISNAMED', problems.join('\n'), { problems });
}

function migrationProblems(root: string, graph: PlatformGraph): readonly Problem[] {
  return databaseGrants(graph)
    .filter(({ migrations }) => !isFolder(join(root, migrations)))
    .map(({ database, service, migrations }) => ({
      subject: `Store '${database}'`,
      rule: `migrations must be a folder of the program (${dirname(migrations)} has ${quotedList(foldersIn(join(root, dirname(migrations))))})`,
      given: quoted(migrations),
      fix: `set it in ${serviceFile(service)}`,
    }));
}

function refuse(found: readonly Problem[]): void {
  if (found.length === 0) return;
  const problems = found.map(describeProblem);
  throw new CodedError('DECLARED_FILE_MISSING', problems.join('\n'), { problems });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function foldersIn(path: string): readonly string[] {
  if (!isFolder(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => name)
    .toSorted();
}
