/**
 * The place of something among its changes, of fixed width. The version alone would start over when the
 * database is wiped; the time of the change alone can be that of another one.
 */
export function revisionOf({
  updateTimeMicros,
  version,
}: {
  readonly updateTimeMicros: bigint;
  readonly version: bigint;
}): string {
  return `${String(updateTimeMicros).padStart(17, '0')}-${String(version).padStart(19, '0')}`;
}
