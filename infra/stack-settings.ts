import { getProject, getStack, runtime } from '@pulumi/pulumi';
import { readByProgram, refuseUnknownProviderSettings } from '../stacks/provider-settings.ts';
import { refuseSecretSettings, stackSettings } from '../stacks/stacks.ts';
import type { DeclaredSettings } from '../stacks/stacks.ts';

/** The settings of the stack that Pulumi runs. Throws CodedError STACK_UNKNOWN, SETTINGS_INVALID. */
export async function readStackSettings(): Promise<DeclaredSettings> {
  const all = runtime.allConfig();
  refuseUnknownProviderSettings(getStack(), Object.keys(all));
  const prefix = `${getProject()}:`;
  refuseSecretSettings(
    getStack(),
    secretKeys().flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
  );
  // All keys and not only those that are known, so that a misspelt one is reported.
  return await stackSettings(getStack(), readByProgram(all, getProject()));
}

/** Keys of settings that are kept as secrets, as Pulumi tells the program of them. */
function secretKeys(): readonly string[] {
  return JSON.parse(process.env['PULUMI_CONFIG_SECRET_KEYS'] ?? '[]') as readonly string[];
}
