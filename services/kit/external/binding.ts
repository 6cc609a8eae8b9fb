import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { externalBindingName } from '@meridian/language/bindings.ts';
import type { ExternalParameter, ExternalSecret } from '@meridian/language/bindings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import type { Bindings } from '../bindings.ts';

/** Where a system outside the platform is, and what it knows us by. */
export interface ExternalBinding {
  /** Its name in the graph. */
  readonly external: string;
  /** Scheme, host and port, without a slash at the end. */
  readonly uri: string;
  /** There where the process' own role of AWS says who we are, and no secret does (../aws/role-credentials.ts). @default secrets do */
  readonly byRole?: true;
  /**
   * The secrets of a name, of which the first is the current one: what is made with any of them is good, so
   * that one can take the place of another without a moment in between. Read again at each call.
   *
   * @throws {CodedError} KIT_BINDING where there is none
   */
  readonly secrets: (name: ExternalSecret) => readonly [string, ...string[]];
  /**
   * What of the system is ours.
   *
   * @throws {CodedError} KIT_BINDING where it is not told
   */
  readonly parameter: (name: ExternalParameter) => string;
}

/** Reads a binding of type 'external'; throws a CodedError that names the file. */
export function readExternalBinding(
  bindings: Bindings,
  external: string,
  workingFolder: string,
): ExternalBinding {
  const name = externalBindingName(external);
  const binding = bindings.get(name, 'external');
  return {
    external,
    uri: binding.property('uri'),
    ...(binding.optionalProperty('mechanism') === undefined ? {} : { byRole: true as const }),
    secrets: (secret) => {
      const property = `${secret}-file` as const;
      const file = binding.optionalProperty(property);
      if (file === undefined) {
        throw new CodedError(
          'KIT_BINDING',
          `Binding '${name}': ${property} must name a file, got nothing; the declaration of the external must list '${secret}' in its secrets`,
        );
      }
      return readSecrets(name, resolve(workingFolder, file));
    },
    parameter: (parameter) => {
      const value = binding.optionalProperty(parameter);
      if (value !== undefined) return value;
      throw new CodedError(
        'KIT_BINDING',
        `Binding '${name}': ${parameter} must be there, got nothing; the declaration of the external must list '${parameter}' in its parameters`,
      );
    },
  };
}

/** The lines of a file. */
function readSecrets(name: string, file: string): readonly [string, ...string[]] {
  const [first, ...others] = contentOf(name, file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (first !== undefined) return [first, ...others];
  throw new CodedError(
    'KIT_BINDING',
    `Binding '${name}': ${file} must hold a secret, got an empty file`,
  );
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CodedError(
      'KIT_BINDING',
      `Binding '${name}': ${file} must hold a secret, got nothing (${messageOf(cause)})`,
      { cause },
    );
  }
}
