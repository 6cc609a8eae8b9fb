import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { ProviderError } from './provider-error.ts';

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

/**
 * Reads the folders from the environment.
 * @throws {ProviderError} FOLDERS_UNSET, FOLDER_INVALID
 */
export function readFolders(environment: Readonly<Record<string, string | undefined>>): Folders {
  const missing = Object.values(VARIABLES).filter((variable) => !environment[variable]);
  if (missing.length > 0) {
    throw new ProviderError(
      'FOLDERS_UNSET',
      `Environment: ${missing.join(', ')} must be set; 'npx --no meridian env' prints all that plain pulumi needs`,
    );
  }
  const folders: Folders = {
    state: folder('state', environment),
    data: folder('data', environment),
    runtime: folder('runtime', environment),
    cache: folder('cache', environment),
    program: folder('program', environment),
  };
  const length = Buffer.byteLength(folders.runtime);
  if (length > MAX_RUNTIME_BYTES) {
    throw new ProviderError(
      'FOLDER_INVALID',
      `${VARIABLES.runtime} '${folders.runtime}': must be ${MAX_RUNTIME_BYTES} bytes or fewer, got ${length} (a unix socket's path is limited); set it to a shorter folder`,
    );
  }
  return folders;
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
  // Paths end up in JSON, in quoted configuration values and in argument lists.
  if (!isAbsolute(path) || /[^\x20-\x7e]|["'\\$]/.test(path)) {
    throw new ProviderError(
      'FOLDER_INVALID',
      `${VARIABLES[key]} '${path}': must be an absolute path of printable ASCII without quotes, backslash or dollar sign`,
    );
  }
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

/** Replaces the known placeholders; any other `${…}` stays as it is. */
export function expandPlaceholders(text: string, placeholders: Placeholders): string {
  return text.replace(/\$\{([a-z]+)\}/g, (whole, key: string) =>
    isPlaceholder(key) ? placeholders[key] : whole,
  );
}

/**
 * The placeholders of a text that nobody knows.
 */
export function unknownPlaceholders(text: string): readonly string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)]
    .map(([, key]) => key ?? '')
    .filter((key) => !isPlaceholder(key));
}

function isPlaceholder(key: string): key is (typeof PLACEHOLDERS)[number] {
  return (PLACEHOLDERS as readonly string[]).includes(key);
}

/** First 8 hex digits of the SHA-256 of the state folder: names the runtime folder of a stack. */
export function runtimeSuffix(stateFolder: string): string {
  return createHash('sha256').update(stateFolder).digest('hex').slice(0, 8);
}
