import { spawn } from 'node:child_process';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';

/** A repository as git commands see it. */
export interface Repository {
  /** Where git is started. */
  readonly folder: string;
  /** Names another index or store of objects (git(1), "Environment variables"). @default those of the folder */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What one command is given beside its arguments. */
export interface GitInput {
  /** Its standard input. @default nothing */
  readonly input?: string | Buffer;
}

/** Settings under which git starts no program of a repository's configuration. */
const RUNS_NOTHING = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'] as const;

/** The last of what git says that is repeated. */
const MOST_TOLD_CHARACTERS = 2_000;

/**
 * Starts git in a repository that is only read. It obeys no variable of the caller's but those that find the user's
 * own configuration, in which alone a clone of somebody else can be called safe (git-config(1), safe.directory).
 */
export function startGit({ folder, environment = {} }: Repository, args: readonly string[]) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return spawn('git', [...RUNS_NOTHING, ...args], {
    cwd: folder,
    env: {
      ...Object.fromEntries(inherited),
      LC_ALL: 'C',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      // What a commit says is what is looked at, whatever somebody has put in its place.
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_NO_LAZY_FETCH: '1',
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/**
 * Runs git to its end and gives its standard output.
 *
 * @throws {CodedError} COMMAND_FAILED with what it said, CLIENT_MISSING where there is none
 */
export async function git(
  repository: Repository,
  args: readonly string[],
  { input }: GitInput = {},
): Promise<Buffer> {
  const child = startGit(repository, args);
  const [output, told]: [Buffer[], string[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => told.push(chunk));
  // A git that has ended early says why on its own.
  child.stdin.on('error', () => undefined).end(input);
  return await new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      reject(isSystemError(cause, 'ENOENT') ? gitMissing(cause) : cause);
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output));
      else reject(gitFailure(args, signal ?? `exit code ${String(code)}`, told.join('')));
    });
  });
}

function gitMissing(cause: unknown): CodedError {
  return new CodedError(
    'CLIENT_MISSING',
    "Program 'git': must be on the PATH, got none there; install it, as the package 'git' of your system",
    { cause },
  );
}

/** How a git command ended that ended badly. */
export function gitFailure(args: readonly string[], end: string, told: string): CodedError {
  const command = args.find((argument) => /^[a-z]/.test(argument) && !argument.includes('='));
  return new CodedError(
    'COMMAND_FAILED',
    `'git ${command ?? ''}' ended with ${end}: ${told.trim().slice(-MOST_TOLD_CHARACTERS)}`,
  );
}
