import { binding } from '@meridian/language/bindings.ts';
import type { ExternalSecret } from '@meridian/language/bindings.ts';
import type { ExternalNode } from '../model/graph.ts';

/** The properties of a service's binding to a system outside the platform; no secret is part of them. */
export function externalBinding(
  { secrets }: ExternalNode,
  uri: string,
  fileOf: (secret: ExternalSecret) => string,
): Readonly<Record<string, string>> {
  return binding('external', {
    uri,
    ...Object.fromEntries(secrets.map((secret) => [`${secret}-file`, fileOf(secret)])),
  });
}
