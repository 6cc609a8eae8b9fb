/** Flags of the meridian command that a person may give to npm by mistake. */
const flags = [
  'json',
  'yes',
  'follow',
  'lines',
  'stack',
  'diff',
  'long',
  'out',
  'products',
  'zone',
];

/**
 * Names flags that npm kept for itself: `npm start --json` sets `npm_config_json` and passes
 * nothing on. Only the values that a command line produces count, since a user's .npmrc may set
 * some of the same names to something else.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string[]} the flags as they were meant, for example `--json`
 */
export function misgivenFlags(environment) {
  if (environment.npm_lifecycle_event === undefined) return [];
  return flags
    .filter((flag) => environment[`npm_config_${flag}`] === 'true')
    .map((flag) => `--${flag}`);
}
