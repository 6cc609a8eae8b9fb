import type { KubernetesSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import type { LocalSettings } from '@meridian/components/local/local-settings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { localSettings } from './local.ts';
import type { RawSettings } from './setting-schemas.ts';
import { stagingSettings } from './staging.ts';

/** The settings of any stack that there is. */
export type DeclaredSettings = LocalSettings | KubernetesSettings;

/** The stacks that there are; each chooses a landing and the sizes. */
const STACKS: Readonly<Record<string, (raw: RawSettings) => DeclaredSettings>> = {
  local: localSettings,
  staging: stagingSettings,
};

/** The settings of a stack. Throws CodedError STACK_UNKNOWN or SETTINGS_INVALID. */
export function stackSettings(stack: string, raw: RawSettings): DeclaredSettings {
  const read = Object.hasOwn(STACKS, stack) ? STACKS[stack] : undefined;
  if (read !== undefined) return read(raw);
  const names = Object.keys(STACKS).map((name) => `'${name}'`);
  throw new CodedError(
    'STACK_UNKNOWN',
    `Stack '${stack}': must be one of ${names.join(', ')}, got '${stack}'; choose one with --stack, or declare it in stacks/stacks.ts`,
  );
}
