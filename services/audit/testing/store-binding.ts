import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import type { ExternalParameter, ExternalSecret } from '@meridian/language/bindings.ts';

/** Of the bucket of a test. */
export const PARAMETERS: Readonly<Record<ExternalParameter, string>> = {
  bucket: 'checkpoints',
  region: 'local',
};

/** A binding to a store of a test. */
export function bindingTo(
  uri: string,
  parameters: Readonly<Partial<Record<ExternalParameter, string>>> = {},
  secrets: (name: ExternalSecret) => readonly string[] = (name) => [`test-${name}`],
): ExternalBinding {
  const given = { ...PARAMETERS, ...parameters };
  return {
    external: 'checkpoint-store',
    uri,
    secrets: (name) => {
      const [first = '', ...others] = secrets(name);
      return [first, ...others];
    },
    parameter: (name) => given[name],
  };
}
