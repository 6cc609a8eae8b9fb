import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';

/** Where one stack keeps what it has on this machine. All are absolute paths. */
export interface Folders {
  /** Policy, specs, keys and logs: `MERIDIAN_STATE`. */
  readonly state: string;
  /** What engines store: `MERIDIAN_DATA`. */
  readonly data: string;
  /** Unix sockets, a short path: `MERIDIAN_RUNTIME`. */
  readonly runtime: string;
  /** Engines, shared by all stacks: `MERIDIAN_CACHE`. */
  readonly cache: string;
  /** The root of the program, that is the clone: `MERIDIAN_PROGRAM`. */
  readonly program: string;
}

const VARIABLES = {
  state: 'MERIDIAN_STATE',
  data: 'MERIDIAN_DATA',
  runtime: 'MERIDIAN_RUNTIME',
  cache: 'MERIDIAN_CACHE',
  program: 'MERIDIAN_PROGRAM',
} as const satisfies Record<keyof Folders, string>;

/** A unix socket's address holds 107 bytes (unix(7)); the longest name of ours in the folder is 46. */
const MAX_RUNTIME_BYTES = 60;

/** Sockets lie in a folder of our own choosing, so nothing needs to be quoted. */
export const PLAIN_PATH = /^[A-Za-z0-9._/-]*$/;

/**
 * Reads the folders from the environment.
 * @throws {CodedError} FOLDERS_UNSET, FOLDER_INVALID
 */
export function readFolders(environment: Readonly<Record<string, string | undefined>>): Folders {
  const missing = Object.values(VARIABLES).filter((variable) => !environment[variable]);
  if (missing.length > 0) {
    throw new CodedError(
      'FOLDERS_UNSET',
      `Environment: ${missing.join(', ')} must be set, got nothing; './meridian env' prints all that plain pulumi needs`,
    );
  }
  const folders: Folders = {
    state: folder('state', environment),
    data: folder('data', environment),
    runtime: folder('runtime', environment),
    cache: folder('cache', environment),
    program: folder('program', environment),
  };
  const [problem] = folderProblems(folders);
  if (problem !== undefined) {
    const { key, path, rule } = problem;
    throw new CodedError(
      'FOLDER_INVALID',
      `${VARIABLES[key]} '${path}': must be ${rule}; set it to another folder`,
    );
  }
  return folders;
}

/** A folder that cannot be what it is meant to be. */
export interface FolderProblem {
  readonly key: keyof Folders;
  readonly path: string;
  /** What it must be. */
  readonly rule: string;
}

/** What a path may hold, by what the folder is for; everything else, spaces and quotes too, is quoted. */
const RULES: readonly {
  readonly keys: readonly (keyof Folders)[];
  readonly broken: (path: string) => boolean;
  readonly rule: string;
}[] = [
  {
    keys: ['state', 'data', 'runtime', 'cache', 'program'],
    broken: (path) => !isAbsolute(path),
    rule: 'an absolute path',
  },
  {
    // A line of a configuration file cannot hold the first; U+FFFD stands for bytes that are not UTF-8.
    keys: ['state', 'data', 'runtime', 'cache', 'program'],
    broken: (path) => /[\p{Cc}\ufffd\u2028\u2029]/u.test(path) || !path.isWellFormed(),
    rule: 'a path of UTF-8 without line breaks and other control characters',
  },
  {
    keys: ['state', 'cache', 'program'],
    broken: (path) => path.includes(':'),
    rule: 'a path without a colon, which separates the folders of PATH and of Java',
  },
  {
    // Redis takes the name of its configuration for a pattern of names, and starts without one if none fits.
    keys: ['state'],
    broken: (path) => /[*?[]/.test(path),
    rule: 'a path without asterisks, question marks and brackets, which are a pattern to Redis',
  },
  {
    // Kafka: log.dirs is a list.
    keys: ['data'],
    broken: (path) => path.includes(','),
    rule: 'a path without a comma, which separates the folders of Kafka',
  },
  {
    // initdb of PostgreSQL names its own folder to a shell, in double quotes.
    keys: ['cache'],
    broken: (path) => /["\\$`]/.test(path),
    rule: 'a path without double quotes, backslashes, dollar signs and backquotes, which a shell would read',
  },
  {
    keys: ['runtime'],
    broken: (path) => !PLAIN_PATH.test(path),
    rule: 'a path of letters, digits and ._/- alone',
  },
  {
    keys: ['runtime'],
    broken: (path) => Buffer.byteLength(path) > MAX_RUNTIME_BYTES,
    rule: `of ${MAX_RUNTIME_BYTES} bytes or fewer, since the path of a unix socket is limited`,
  },
];

/** The folders that cannot be what they are meant to be; the first reason of each. */
export function folderProblems(folders: Folders): readonly FolderProblem[] {
  return (Object.keys(VARIABLES) as (keyof Folders)[]).flatMap((key) => {
    const path = folders[key];
    const found = RULES.find(({ keys, broken }) => keys.includes(key) && broken(path));
    return found === undefined ? [] : [{ key, path, rule: found.rule }];
  });
}

/** The folders as environment variables, for a process that calls `readFolders`. */
export function foldersEnvironment(folders: Folders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(VARIABLES).map(([key, variable]) => [variable, folders[key as keyof Folders]]),
  );
}

function folder(
  key: keyof Folders,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const path = environment[VARIABLES[key]] ?? '';
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** The agent's unix socket. */
export function agentSocket(folders: Folders, zone: string): string {
  return join(folders.runtime, `${zone}.sock`);
}

/** The folder of one zone in the state folder. */
export function zoneFolder(folders: Folders, zone: string): string {
  return join(folders.state, 'zones', zone);
}

/** What `${…}` stands for in the spec of one process. */
export type Placeholders = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>;

const PLACEHOLDERS = ['program', 'cache', 'self', 'data', 'runtime', 'state', 'node'] as const;

/** The meaning of the placeholders for one process of a zone. */
export function placeholdersOf(folders: Folders, zone: string, process: string): Placeholders {
  return {
    program: folders.program,
    cache: folders.cache,
    self: join(zoneFolder(folders, zone), 'processes', process),
    data: join(folders.data, zone, process),
    runtime: folders.runtime,
    state: folders.state,
    node: globalThis.process.execPath,
  };
}

/** How a placeholder's value is written where it stands between quotes of some format. */
const QUOTINGS = {
  /** In a JSON string. */
  json: (value: string) => JSON.stringify(value).slice(1, -1),
  /** In single quotes of postgresql.conf (PostgreSQL, "Setting Parameters"). */
  postgres: (value: string) => value.replace(/[\\']/g, (quoted) => `${quoted}${quoted}`),
  /** In double quotes of redis.conf, whose arguments are those of its command line (sdssplitargs). */
  redis: (value: string) => value.replace(/[\\"]/g, '\\$&'),
  /** As a value of a Java properties file, which is read as ISO 8859-1 (java.util.Properties). */
  properties: (value: string) =>
    value
      .replaceAll('\\', '\\\\')
      .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  /** As the path of a URI (RFC 3986). */
  uri: (value: string) => value.split('/').map(encodeURIComponent).join('/'),
} as const satisfies Record<string, (value: string) => string>;

const PLACEHOLDER = /\$\{([^}:]*)(?::([^}]*))?\}/g;

/**
 * Replaces the known placeholders, `${self}` as it is and `${self:json}` quoted for JSON; any other
 * `${…}` stays as it is.
 */
export function expandPlaceholders(text: string, placeholders: Placeholders): string {
  return text.replace(PLACEHOLDER, (whole, key: string, quoting?: string) => {
    if (!isPlaceholder(key) || !isQuoting(quoting)) return whole;
    return quoting === undefined ? placeholders[key] : QUOTINGS[quoting](placeholders[key]);
  });
}

/**
 * The placeholders of a text that nobody knows.
 */
export function unknownPlaceholders(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)]
    .filter(([, key = '', quoting]) => !isPlaceholder(key) || !isQuoting(quoting))
    .map(([whole]) => whole.slice(2, -1));
}

function isPlaceholder(key: string): key is (typeof PLACEHOLDERS)[number] {
  return (PLACEHOLDERS as readonly string[]).includes(key);
}

function isQuoting(quoting: string | undefined): quoting is keyof typeof QUOTINGS | undefined {
  return quoting === undefined || Object.hasOwn(QUOTINGS, quoting);
}

/** First 8 hex digits of the SHA-256 of the state folder: names the runtime folder of a stack. */
export function runtimeSuffix(stateFolder: string): string {
  return createHash('sha256').update(stateFolder).digest('hex').slice(0, 8);
}
