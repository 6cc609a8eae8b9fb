import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import type { ExternalParameter, ExternalSecret } from '@meridian/language/bindings.ts';

/** A binding to a store of a test. */
export function bindingTo(
  uri: string,
  parameters: Readonly<Partial<Record<ExternalParameter, string>>> = {},
  secrets: (name: ExternalSecret) => readonly string[] = (name) => [`test-${name}`],
): ExternalBinding {
  const given: Readonly<Record<ExternalParameter, string>> = {
    bucket: 'checkpoints',
    region: 'local',
    ...parameters,
  };
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
