import { InvalidArgumentError } from 'commander';
import type { Settings } from './stack-config.ts';

/** `edgePort`, or with the name of its project as Pulumi writes it, `meridian:edgePort`. */
const KEY = /^[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$/;

/**
 * Adds `<key>=<value>` to the settings that a command was given before. A key that Pulumi could not read
 * again is refused here: kept, it would end every later command.
 */
export function givenSetting(given: string, before: Settings = {}): Settings {
  const [key = '', ...value] = given.split('=');
  if (value.length === 0 || !KEY.test(key)) {
    throw new InvalidArgumentError('must be <key>=<value>, such as edgePort=9443.');
  }
  return { ...before, [key.includes(':') ? key : `meridian:${key}`]: value.join('=') };
}
