import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { sortedUnique } from '../model/order.ts';

/** Nothing in these changes what a program does. */
const IGNORED_FOLDERS: ReadonlySet<string> = new Set([
  'coverage',
  'fixtures',
  'node_modules',
  'proto',
  'testing',
]);

const MODULE = /\.[cm]?[jt]s$/;

/** Erased before Node.js looks for what to load: `import type … from` and `export type … from`. */
const OF_TYPES_ALONE =
  /^[ \t]*(?:import|export)\s+type\s[^;'"]*?\sfrom\s*(?:'[^'\n]*'|"[^"\n]*")/gm;

/** `import … from '…'`, `export … from '…'`, `import '…'`, `import('…')`. */
const IMPORTED = /\b(?:from\s*|import\s*\(?\s*)(?:'([^'\n]+)'|"([^"\n]+)")/g;

/** `createRequire(import.meta.url)('…')`, also with `.resolve`. */
const REQUIRED = /\bcreateRequire\(import\.meta\.url\)(?:\.resolve)?\('([^'\n]+)'\)/g;

/** `join(import.meta.dirname, '…', …)` and `new URL('…', import.meta.url)`: a file or folder beside the module. */
const BESIDE =
  /\b(?:(?:join|resolve)\(import\.meta\.dirname((?:,\s*'[^'\n]*')+),?\s*\)|new URL\(\s*'([^'\n]+)',\s*import\.meta\.url,?\s*\))/g;

/** What may load or read something that the text does not name. */
const UNCLEAR =
  /(?<![.#\w]|async )import\s*\(\s*(?!['"\s])|\bimport\.meta\b(?!\.main\b)|\b(?:from\s*|import\s*\(?\s*)['"]#/;

/**
 * The files that Node.js loads or may load when it runs a service, with those that they name beside
 * themselves and the package.json of every package of the clone that it enters; sorted, relative to the root.
 * Neither packages of the registry, which the lockfile stands for, nor migrations, which services do not read.
 * Throws the file system's error when the service has no main.ts.
 */
export function programFiles(root: string, service: string): readonly string[] {
  return new ProgramFiles(root).of(`services/${service}/main.ts`);
}

/** What one module needs: other modules, files that it reads, or all that lies in its package. */
interface Needs {
  readonly paths: readonly string[];
  /** It may need more than its text names. */
  readonly unclear: boolean;
}

/** Walks from entries over imports; a module that several programs share is read once. */
export class ProgramFiles {
  readonly #root: string;
  /** Folders of the clone's own packages by name. */
  readonly #packages: ReadonlyMap<string, string>;
  readonly #needs = new Map<string, Needs>();

  constructor(root: string) {
    this.#root = root;
    this.#packages = packageFolders(root);
  }

  /** As `programFiles`, for any entries. */
  of(...entries: readonly string[]): readonly string[] {
    const found = new Set<string>();
    const open = [...entries];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      open.push(...this.#manifestOf(file));
      if (!MODULE.test(file)) continue;
      const { paths, unclear } = this.#needsOf(file);
      const whole = unclear ? [this.#packageOf(file) ?? dirname(file)] : [];
      open.push(...sourceFiles(this.#root, [...paths, ...whole]));
    }
    return sortedUnique([...found]);
  }

  #needsOf(file: string): Needs {
    const known = this.#needs.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(join(this.#root, file), 'utf8').replace(OF_TYPES_ALONE, '');
    const specifiers = [...text.matchAll(IMPORTED), ...text.matchAll(REQUIRED)].map(
      ([, single, double]) => single ?? double ?? '',
    );
    const beside = [...text.matchAll(BESIDE)].map(([, words = '', url]) =>
      join(dirname(file), url ?? words.replace(/['\s]/g, '').split(',').join('/')),
    );
    const named = [...specifiers.flatMap((specifier) => this.#locate(file, specifier)), ...beside];
    // A folder around the module is where it begins to look for something.
    const needs = {
      // What is not there is named in a comment or a text, or not written yet.
      paths: named.filter((path) => !isAround(path, file) && existsSync(join(this.#root, path))),
      unclear:
        named.some((path) => isAround(path, file)) ||
        UNCLEAR.test(text.replace(BESIDE, '').replace(REQUIRED, '')),
    };
    this.#needs.set(file, needs);
    return needs;
  }

  /** Where a specifier leads within the clone; nowhere if it names a package of the registry. */
  #locate(from: string, specifier: string): readonly string[] {
    const bare = specifier.replace(/[?#].*$/, '');
    if (bare.startsWith('.')) return [join(dirname(from), bare)];
    const [, name = '', inside] = /^(@[^/]+\/[^/]+|[^/]+)(?:\/(.+))?$/.exec(bare) ?? [];
    const folder = this.#packages.get(name);
    return folder === undefined || inside === undefined ? [] : [`${folder}/${inside}`];
  }

  #packageOf(file: string): string | undefined {
    return [...this.#packages.values()].find((folder) => file.startsWith(`${folder}/`));
  }

  /** Node.js reads it to learn what kind of module it loads, and what the package lets out. */
  #manifestOf(file: string): readonly string[] {
    const folder = this.#packageOf(file);
    return folder === undefined ? [] : [`${folder}/package.json`];
  }
}

/** Whether a path is that of a folder around a file: there the module only begins to look for something. */
function isAround(path: string, file: string): boolean {
  return (
    path.startsWith('..') || `${file}/`.startsWith(join(path, '/')) || join(path, '/') === './'
  );
}

/** The files below some paths that make a program, without tests, sorted. */
export function sourceFiles(root: string, paths: readonly string[]): readonly string[] {
  return sortedUnique(paths.flatMap((path) => listFiles(root, path)));
}

function listFiles(root: string, path: string): readonly string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) return IGNORED_FOLDERS.has(entry.name) ? [] : listFiles(root, child);
    return entry.isFile() && !entry.name.endsWith('.test.ts') ? [child] : [];
  });
}

function packageFolders(root: string): ReadonlyMap<string, string> {
  const { workspaces = [] } = manifest(root, 'package.json');
  return new Map(
    globSync(
      workspaces.map((pattern) => `${pattern}/package.json`),
      { cwd: root },
    ).flatMap((file) => {
      const { name } = manifest(root, file);
      return name === undefined ? [] : [[name, dirname(file)] as const];
    }),
  );
}

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[];
}

function manifest(root: string, file: string): Manifest {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
}
