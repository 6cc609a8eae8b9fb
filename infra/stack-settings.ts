import { getProject, getStack, runtime } from '@pulumi/pulumi';
import { isReadOfProvider, refuseUnknownProviderSettings } from '../stacks/provider-settings.ts';
import { refuseSecretSettings, stackSettings } from '../stacks/stacks.ts';
import type { DeclaredSettings } from '../stacks/stacks.ts';

/** The settings of the stack that Pulumi runs. Throws CodedError STACK_UNKNOWN, SETTINGS_INVALID. */
export async function readStackSettings(): Promise<DeclaredSettings> {
  refuseUnknownProviderSettings(getStack(), Object.keys(runtime.allConfig()));
  // All keys and not only those that are read, so that a misspelt one is reported.
  const prefix = `${getProject()}:`;
  const raw = Object.entries(runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  refuseSecretSettings(
    getStack(),
    secretKeys().flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
  );
  const ofProviders = Object.entries(runtime.allConfig()).filter(([key]) => isReadOfProvider(key));
  return await stackSettings(getStack(), Object.fromEntries([...raw, ...ofProviders]));
}

/** Keys of settings that are kept as secrets, as Pulumi tells the program of them. */
function secretKeys(): readonly string[] {
  return JSON.parse(process.env['PULUMI_CONFIG_SECRET_KEYS'] ?? '[]') as readonly string[];
}
