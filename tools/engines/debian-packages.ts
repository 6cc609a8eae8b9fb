import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { checkDigest } from './cache.ts';
import type { Progress } from './engine.ts';
import { CommandMissingError, run } from './run.ts';

/** Packages of the machine's own Debian release. */
export interface DebianPackages {
  readonly packages: readonly string[];
  /**
   * SHA-256 in hex by the name of a package's file. A file that is not named here is of another
   * release or architecture, and apt's own chain holds it: the archive's key signs the index, which
   * has the digest of every package.
   */
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * Fetches packages with the ordinary apt-get and unpacks them into a folder, without installing them
 * and without being root: apt keeps its index in a temporary folder, so the machine's own, which may
 * be old or missing, is neither needed nor touched.
 *
 * @throws {CodedError} CLIENT_MISSING when the machine does not run Debian
 */
export async function unpackDebianPackages(
  wanted: DebianPackages,
  target: string,
  progress: Progress,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-apt-'));
  try {
    const apt = aptGet(folder);
    progress.report('apt-get update (into a folder of its own)');
    await aptRun([...apt, 'update'], folder, wanted, progress);
    progress.report(`apt-get download ${wanted.packages.join(' ')}`);
    await aptRun([...apt, 'download', ...wanted.packages], folder, wanted, progress);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
      const expected = wanted.sha256[file];
      if (expected !== undefined) await checkDigest(path.join(folder, file), expected);
      progress.report(`unpacking ${file}`);
      await run({
        argv: ['dpkg', '-x', path.join(folder, file), target],
        signal: progress.signal,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** apt-get with all that it writes below a folder; sources and keys are the machine's. */
function aptGet(folder: string): readonly [string, ...string[]] {
  mkdirSync(path.join(folder, 'lists/partial'), { recursive: true });
  mkdirSync(path.join(folder, 'cache'));
  // Container images clean /var/cache/apt in hooks, which an ordinary user may not.
  writeFileSync(
    path.join(folder, 'apt.conf'),
    '#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n',
  );
  return [
    'apt-get',
    ...['-c', path.join(folder, 'apt.conf')],
    ...['-o', `Dir::State::lists=${path.join(folder, 'lists')}`],
    ...['-o', `Dir::Cache=${path.join(folder, 'cache')}`],
    // The lock of the machine's index is root's; root's sandbox user cannot enter this folder.
    ...['-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User='],
    '-q',
  ];
}

async function aptRun(
  argv: readonly [string, ...string[]],
  cwd: string,
  { packages: [first = ''] }: DebianPackages,
  { signal }: Progress,
): Promise<void> {
  try {
    await run({ argv, cwd, signal });
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    throw new CodedError(
      'CLIENT_MISSING',
      `Client 'apt-get': must be on the PATH to fetch ${first} from Debian, got none; install ${first} with the machine's own package manager.`,
      { cause: error },
    );
  }
}
