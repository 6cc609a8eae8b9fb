import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commands } from './commands.mjs';

/**
 * Flags of ours that are names of npm's own configuration too (`npm config ls --long`): a user's .npmrc
 * may set them, and of a command that does not have the flag they are npm's business.
 */
export const NAMES_OF_NPM = ['all', 'call', 'dev', 'diff', 'force', 'json', 'long', 'yes'];

/** What npm makes of a short flag. */
const SHORTHANDS = { '-c': 'call', '-f': 'force' };

/** Scripts that npm runs without `run`. */
const OWN_VERBS = ['start', 'stop', 'test'];

/**
 * Says what to write instead where npm has kept flags for itself: `npm start --json` sets
 * `npm_config_json` and passes nothing on, `npm test --cluster` would run the ordinary suite.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {readonly string[]} args the command with what npm has passed on
 * @returns {string | undefined} nothing if npm took no flag of any command
 */
export function misgivenFlags(environment, args) {
  const script = environment.npm_lifecycle_event;
  if (script === undefined) return undefined;
  const [verb, ...passedOn] = args;
  const own = commands.find(({ name }) => name === verb)?.flags ?? [];
  const taken = new Set();
  for (const flag of [...own, ...commands.flatMap(({ flags = [] }) => flags)]) {
    const [, short, long, value] =
      /^(?:(-\w), )?--([\w-]+)(?: (<.+>|\[.+\]))?$/.exec(flag.flags) ?? [];
    for (const name of [long, SHORTHANDS[short]]) {
      if (name === undefined || (NAMES_OF_NPM.includes(name) && !own.includes(flag))) continue;
      const given = givenToNpm(name, environment);
      if (given === undefined || given === '' || isOfFile(name, environment)) continue;
      if (passedOn.some((arg) => arg === short || `${arg}=`.startsWith(`--${long}=`))) continue;
      // npm keeps the value only of what it knows, or of what was written with '='.
      const text = given === 'true' || given.startsWith('-') ? value : shellQuoted(given);
      const alone = value === undefined || text.startsWith('[');
      taken.add(alone ? `--${long}` : `--${long} ${text}`);
    }
  }
  if (taken.size === 0) return undefined;
  const command = commands.find(({ name }) => name === verb);
  const fixed = command?.scripts[script] ?? [];
  const given = passedOn.slice(fixed.length);
  const { words, flags } = withValues(given, [...taken], argumentsOf(command?.takes, given));
  const npm = OWN_VERBS.includes(script) ? `npm ${script}` : `npm run ${script}`;
  const line = [...words.map(shellQuoted), ...flags].join(' ');
  const whole = [verb, ...fixed, line].join(' ');
  return `npm took ${flags.join(', ')} for itself. Put flags behind a double dash: ${npm} -- ${line} (or without npm: ./meridian ${whole})`;
}

/** How many words of those that npm passed on are the command's own; one that may be left out was given before others. */
function argumentsOf(takes, given) {
  if (takes?.startsWith('<')) return 1;
  return takes?.startsWith('[') ? Math.min(1, Math.max(0, given.length - 1)) : 0;
}

/** npm reads `--no-telemetry` as a telemetry that is false, which it writes as nothing. */
function givenToNpm(name, environment) {
  const negated = name.startsWith('no-') ? name.slice('no-'.length) : undefined;
  const key = (negated ?? name).replaceAll('-', '_');
  const given = environment[`npm_config_${key}`];
  if (negated === undefined) return given;
  return given === '' ? 'true' : undefined;
}

/**
 * Of a flag that it does not know npm passes the value on: a word more than the command takes belongs to
 * the one flag without its own.
 */
function withValues(words, flags, taken) {
  const open = flags.filter((flag) => flag.endsWith('>'));
  if (words.length !== taken + 1 || open.length !== 1) return { words, flags };
  const value = shellQuoted(words.at(-1));
  return {
    words: words.slice(0, -1),
    flags: flags.map((flag) => flag.replace(/<[^>]+>$/, value)),
  };
}

/** Whether a name is set in a file of npm's configuration, and so says nothing of this command line. */
function isOfFile(name, environment) {
  const { npm_config_userconfig, npm_config_globalconfig, npm_config_local_prefix } = environment;
  const project = npm_config_local_prefix && path.join(npm_config_local_prefix, '.npmrc');
  return [npm_config_userconfig, npm_config_globalconfig, project].some((file) => {
    if (!file) return false;
    try {
      return new RegExp(`^\\s*${name}(\\[\\])?\\s*=`, 'm').test(readFileSync(file, 'utf8'));
    } catch (error) {
      // Nobody has to have one, and npm goes on without one that it cannot read.
      if (error.code === undefined) throw error;
      return false;
    }
  });
}

function shellQuoted(text) {
  return /^[\w=:./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
