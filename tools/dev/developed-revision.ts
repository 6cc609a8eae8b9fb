/** How a revision begins that was started beside the program's own (ADR 47). */
const BESIDE = 'dev-';

/** The revision of a replica that stands in for the program's, started at a moment. */
export function developedRevision(startedAt: Date): string {
  return `${BESIDE}${startedAt.toISOString()}`;
}

/** Whether a process stands in for one of the program. */
export function isDeveloped({ revision }: { readonly revision: string }): boolean {
  return revision.startsWith(BESIDE);
}
