import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Settings of a stack by key, such as `meridian:edgePort`. */
export type Settings = Readonly<Record<string, string>>;

/** A YAML file that holds an object, or nothing. */
export function parseYaml(file: string): Readonly<Record<string, unknown>> {
  return (parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null) ?? {};
}

/** The settings in a stack's configuration file. */
export function configOf(file: string): Settings {
  const config = (parseYaml(file)['config'] ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** The program's own keys, `meridian:portBase` as `portBase`; others are Pulumi's business. */
export function withoutPrefix(config: Settings): Settings {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith('meridian:'))
      .map(([key, value]) => [key.slice('meridian:'.length), value]),
  );
}
