import type { LocalSettings } from '@meridian/components/local/local-settings.ts';
import { PlatformError } from '@meridian/components/model/platform-error.ts';
import { localSettings } from './local.ts';
import type { RawSettings } from './setting-reader.ts';

/** The stacks that there are; each chooses a landing and the sizes. */
const STACKS: Readonly<Record<string, (raw: RawSettings) => LocalSettings>> = {
  local: localSettings,
};

/** The settings of a stack. Throws PlatformError STACK_UNKNOWN or SETTINGS_INVALID. */
export function stackSettings(stack: string, raw: RawSettings): LocalSettings {
  const read = Object.hasOwn(STACKS, stack) ? STACKS[stack] : undefined;
  if (read !== undefined) return read(raw);
  const names = Object.keys(STACKS).map((name) => `'${name}'`);
  throw new PlatformError(
    'STACK_UNKNOWN',
    `Stack '${stack}': must be one of ${names.join(', ')}, got '${stack}'; choose one with --stack, or declare it in stacks/stacks.ts`,
  );
}
