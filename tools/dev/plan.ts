/** What changed files ask for, before or beside new replicas. */
export interface Plan {
  /** Code is generated from contracts. */
  readonly generates: boolean;
  /** The declarations are read again: they decide what a service is told. */
  readonly lowers: boolean;
  /** Migrations, which are applied before code that needs them runs. */
  readonly migrations: readonly string[];
  /** Files that say which packages there are. */
  readonly packages: readonly string[];
  /** What services are made of. */
  readonly code: readonly string[];
}

/** Files and folders that are watched, from the program's root. */
export const WATCHED = [
  ...['components', 'infra', 'language', 'services', 'stacks'],
  ...['package.json', 'package-lock.json'],
] as const;

const IGNORED = /\.test\.ts$|(^|\/)(testing|fixtures)\/|~$|\.sw[a-z]$/;
const PACKAGES = /(^|\/)package(-lock)?\.json$/;
const MIGRATION = /^services\/[^/]+\/(.+\/)?migrations\//;
const CONTRACT = /^services\/.*\.proto$/;
/** Of a contract; the edge keeps what it repeats of the comments of all. */
const GENERATED = /^services\/[^/]+\/(contract\/)?gen\//;
const DECLARATION = /^(components|infra|stacks)\/|^services\/[^/]+\/(service|topics)\.ts$/;

/** What is to be done about files that have changed. */
export function planOf(files: readonly string[]): Plan {
  const meant = files.filter((file) => !IGNORED.test(file));
  const some = (pattern: RegExp): boolean => meant.some((file) => pattern.test(file));
  const migrations = meant.filter((file) => MIGRATION.test(file));
  return {
    generates: some(CONTRACT),
    lowers: some(DECLARATION) || some(CONTRACT) || some(GENERATED) || migrations.length > 0,
    migrations,
    packages: meant.filter((file) => PACKAGES.test(file)),
    code: meant.filter(
      (file) =>
        ![PACKAGES, MIGRATION, CONTRACT].some((pattern) => pattern.test(file)) &&
        /^(services|language)\//.test(file),
    ),
  };
}

/** Whether a file is what contracts gave: a caller of the service takes part in a change of it. */
export function isGenerated(file: string): boolean {
  return GENERATED.test(file);
}
