import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { installPackages } from '../../bootstrap/install-packages.mjs';
import { run } from '../../engines/run.ts';

/** Links to the program's own packages, which are in it and not in node_modules. */
const OWN_SCOPE = '@meridian';

/**
 * Lays out a revision of the program in a folder, ready to run, and gives the commit that it is. The
 * repository stays as it is, so nothing is left behind by an interruption.
 *
 * @throws {CodedError} REVISION_UNKNOWN
 */
export async function layOutRevision(
  program: string,
  revision: string,
  folder: string,
): Promise<string> {
  const commit = await commitOf(program, revision);
  const archive = `${folder}.tar`;
  await run({
    argv: ['git', 'archive', '--format=tar', `--output=${archive}`, commit],
    cwd: program,
  });
  await run({ argv: ['tar', '--extract', '--file', archive, '--directory', folder] });
  if (lockfile(folder) === lockfile(program)) linkPackages(program, folder);
  else await installPackages(folder);
  return commit;
}

async function commitOf(program: string, revision: string): Promise<string> {
  const named = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  try {
    return (await run({ argv: ['git', ...named], cwd: program })).trim();
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    throw new CodedError(
      'REVISION_UNKNOWN',
      `Revision '${revision}': must be a commit, branch or tag of this clone, got none that git finds; choose another one with --base`,
      { cause },
    );
  }
}

function lockfile(folder: string): string {
  return readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
}

/** Gives a copy of the program the packages of another one; its own packages are those of the copy. */
export function linkPackages(from: string, to: string): void {
  const modules = path.join(to, 'node_modules');
  for (const entry of readdirSync(path.join(from, 'node_modules'))) {
    const source = path.join(from, 'node_modules', entry);
    if (entry === OWN_SCOPE) linkOwn(from, to);
    else if (entry !== '.cache') link(source, path.join(modules, entry));
  }
}

function linkOwn(from: string, to: string): void {
  const scope = path.join('node_modules', OWN_SCOPE);
  for (const entry of readdirSync(path.join(from, scope))) {
    // Relative, so in the copy it leads to the copy's own folder.
    const target = readlinkSync(path.join(from, scope, entry));
    link(target, path.join(to, scope, entry));
    const nested = path.join(scope, target, 'node_modules');
    if (existsSync(path.join(from, nested))) link(path.join(from, nested), path.join(to, nested));
  }
}

function link(target: string, file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  symlinkSync(target, file);
}
