/** The label of a target with the name of its process; Prometheus drops it unless a rule takes it up. */
export const TARGET_PROCESS = '__meta_meridian_process';

/** The label of a target with the name of what its process listens for there. */
export const TARGET_LISTEN = '__meta_meridian_listen';

/** Each zone's agent keeps a file of what it runs in this folder of the state. */
export const TARGETS_FOLDER = 'targets';

/**
 * Where the agents say what they run, as a pattern with the placeholder `${state}`: a group of targets for every
 * listen, with the labels TARGET_PROCESS, TARGET_LISTEN, `instance` (the process) and `zone`. A process that crashes
 * stays in its file, one that was stopped on purpose does not. (Prometheus, "file_sd_config".)
 */
export const TARGET_FILES = `\${state:json}/${TARGETS_FOLDER}/*.json`;

/**
 * Where the agents keep what processes write, as patterns with the placeholder `${state}`: of each process the log and
 * the one that was turned over before it.
 */
export const LOG_FILES: readonly string[] = ['.log', '.log.1'].map(
  (ending) => `\${state:json}/zones/*/logs/*${ending}`,
);

/** Finds zone and process in the path of a log, as `zone` and `instance` (RE2). */
export const LOG_FILE_PATTERN = String.raw`/zones/(?P<zone>[^/]+)/logs/(?P<instance>[^/]+?)\.log(\.1)?$`;
