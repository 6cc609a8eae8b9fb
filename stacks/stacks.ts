import type { AwsSettings } from '@meridian/components/aws/aws-settings.ts';
import type { KubernetesSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import type { LocalSettings } from '@meridian/components/local/local-settings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { RawSettings } from './setting-schemas.ts';

/** The settings of any stack that there is. */
export type DeclaredSettings = LocalSettings | KubernetesSettings | AwsSettings;

/**
 * Refuses settings that are kept as secrets: they become properties of objects, which nobody encrypts. What is secret
 * is in Secrets of the owner's.
 *
 * @param keys of the program's own settings that are kept so, without its name
 * @throws {CodedError} SETTINGS_INVALID
 */
export function refuseSecretSettings(stack: string, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const problems = keys.map(
    (key) =>
      `Setting 'meridian:${key}': must be plain text, as what is secret belongs into a Secret of the cluster (docs/deploying.md names them), got one that is kept as a secret; set it again in Pulumi.${stack}.yaml without --secret`,
  );
  throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
}

/** Reads the settings of one stack. */
type SettingsReader = (raw: RawSettings) => DeclaredSettings;

/** The stacks that there are; each chooses a landing and the sizes. What another one needs is not loaded. */
const STACKS: Readonly<Record<string, () => Promise<SettingsReader>>> = {
  local: async () => (await import('./local.ts')).localSettings,
  staging: async () => (await import('./staging.ts')).stagingSettings,
  prod: async () => (await import('./prod.ts')).prodSettings,
};

/** The stacks whose services are pods: these take charts and images from registries. */
export const STACKS_OF_PODS: readonly string[] = ['staging', 'prod'];

/** The settings of a stack. Throws CodedError STACK_UNKNOWN, SETTINGS_INVALID or PINS_INVALID. */
export async function stackSettings(stack: string, raw: RawSettings): Promise<DeclaredSettings> {
  return (await readerOf(stack)())(raw);
}

/** Throws CodedError STACK_UNKNOWN for a stack that there is none of. */
export function refuseUnknownStack(stack: string): void {
  readerOf(stack);
}

function readerOf(stack: string): () => Promise<SettingsReader> {
  const load = Object.hasOwn(STACKS, stack) ? STACKS[stack] : undefined;
  if (load !== undefined) return load;
  const names = Object.keys(STACKS).map((name) => `'${name}'`);
  throw new CodedError(
    'STACK_UNKNOWN',
    `Stack '${stack}': must be one of ${names.join(', ')}, got '${stack}'; choose one with --stack, or declare it in stacks/stacks.ts`,
  );
}
