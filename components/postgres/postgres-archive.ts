/** Outside of the server's own folder: copies of its data, and its log of changes since. */
export const ARCHIVE_FOLDER = '${data}-archive';

/** Folders in it. */
export const ARCHIVED_LOG = 'wal';
export const BASE_BACKUPS = 'base';

/** By which the server's commands know it: nothing in a path needs quotes there. */
export const ARCHIVE_VARIABLE = 'MERIDIAN_POSTGRES_ARCHIVE';

const LOG = `"$${ARCHIVE_VARIABLE}/${ARCHIVED_LOG}"`;
const KEPT = `"$${ARCHIVE_VARIABLE}/${ARCHIVED_LOG}/%f"`;
const PART = `"$${ARCHIVE_VARIABLE}/${ARCHIVED_LOG}/%f.part"`;

/**
 * A file of the log is there as a whole and on the disk, or not at all. What is there already is never replaced, and is only
 * as good as new if it is the same: a server that ended before it took note hands it over again.
 * Source: PostgreSQL 18, "Continuous Archiving and Point-in-Time Recovery", archive_command
 */
const ARCHIVE_COMMAND = [
  `mkdir -p -m 700 ${LOG} && if test -f ${KEPT}; then cmp -s "%p" ${KEPT};`,
  `else cp "%p" ${PART} && sync ${PART} && mv ${PART} ${KEPT} && sync ${LOG}; fi`,
].join(' ');

/** Brings a file of the log back. */
export const RESTORE_COMMAND = `cp ${KEPT} "%p"`;

/** A change is in the archive after this time at the latest. */
const ARCHIVE_TIMEOUT = '60s';

/** Parameters of a server that archives. */
export const ARCHIVE_PARAMETERS = {
  archive_mode: 'on',
  archive_command: ARCHIVE_COMMAND,
  archive_timeout: ARCHIVE_TIMEOUT,
} as const;
