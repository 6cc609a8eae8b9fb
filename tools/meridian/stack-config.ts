import { readFileSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';
import { parse, YAMLParseError } from 'yaml';

/** Settings of a stack by key, such as `meridian:edgePort`. */
export type Settings = Readonly<Record<string, string>>;

/**
 * A YAML file of the program that holds an object, or nothing.
 *
 * @throws {CodedError} STACK_FILE_UNREADABLE
 */
export function parseYaml(file: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(file, 'utf8');
  try {
    const value: unknown = parse(text) ?? {};
    if (isMapping(value)) return value;
    throw unreadable(file, formOf(value));
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw unreadable(file, error.message.split('\n')[0] ?? '');
  }
}

function unreadable(file: string, found: string): CodedError {
  return new CodedError(
    'STACK_FILE_UNREADABLE',
    `File '${file}': must hold settings as YAML, got ${found}; put it right, or back as it was: git checkout -- ${file}`,
  );
}

/** The settings in a stack's configuration file. */
export function configOf(file: string): Settings {
  const content = parseYaml(file);
  const { config = {} } = content;
  if (isMapping(config)) return settingsIn(content);
  throw unreadable(file, `${formOf(config)} in place of the keys and values of config`);
}

/** An empty place is one without members. */
function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && !Array.isArray(value);
}

function formOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** The settings in what such a file holds. */
export function settingsIn(content: { readonly config?: unknown }): Settings {
  const config = (content.config ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** Whether a setting's text is, or has in it, what `pulumi config set --secret` writes to a stack's file. */
export function isKeptSecret(value: string): boolean {
  return /^\{.*"secure":"/s.test(value);
}

/** Without settings that were given empty: they are to be forgotten. */
export function withoutEmpty(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
}

/** The program's own keys, `meridian:portBase` as `portBase`; others are Pulumi's business. */
export function withoutPrefix(config: Settings): Settings {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith('meridian:'))
      .map(([key, value]) => [key.slice('meridian:'.length), value]),
  );
}
