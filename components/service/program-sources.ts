/**
 * What of the program's files goes into a lowered stack: digests, so that a change of code or of a
 * migration is a change of the stack. Read from disk by service/source-digest.ts.
 */
export interface ProgramSources {
  /** Version of the program, from package.json. */
  readonly version: string;
  /** Digest of the code that a service or task runs, by name. */
  readonly revisions: Readonly<Record<string, string>>;
  /** Digest of a folder of migrations, by its path from the program's root. */
  readonly migrations: Readonly<Record<string, string>>;
  /** Version of each program that is installed in the cache, by its folder there. */
  readonly installed: Readonly<Record<string, string>>;
}

/**
 * The installed version of a program, so that an upgrade restarts it, or 'none': a preview needs no
 * engine, and starting one says what is missing.
 */
export function installedVersion({ installed }: ProgramSources, program: string): string {
  return installed[program] ?? 'none';
}
