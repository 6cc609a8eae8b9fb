const MICROS_PER_SECOND = 1_000_000n;
const NANOS_PER_MICRO = 1000n;

/** Something stored that has another version after each change. */
export interface Versioned {
  readonly version: bigint;
  /** When it last changed, in microseconds since 1970: PostgreSQL's precision. */
  readonly updateTimeMicros: bigint;
}

/**
 * An opaque etag, another for each version (AIP-154). The version alone would repeat after the database was
 * wiped; the time of the change does not.
 */
export function etagOf({ version, updateTimeMicros }: Versioned): string {
  return `${version}-${updateTimeMicros.toString(36)}`;
}

/**
 * The place of something among its changes, of fixed width. The version alone would start over when the
 * database is wiped; the time of the change alone can be that of another one.
 */
export function revisionOf({ version, updateTimeMicros }: Versioned): string {
  return `${String(updateTimeMicros).padStart(17, '0')}-${String(version).padStart(19, '0')}`;
}

/** Microseconds since 1970 as a google.protobuf.Timestamp. */
export function toTimestamp(micros: bigint): { seconds: bigint; nanos: number } {
  return {
    seconds: micros / MICROS_PER_SECOND,
    nanos: Number((micros % MICROS_PER_SECOND) * NANOS_PER_MICRO),
  };
}
