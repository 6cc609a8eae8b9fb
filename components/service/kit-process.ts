import type { Signature } from '../model/service.ts';

/** The environment of every process that is built on the kit; the rest of its world is files. */
export const KIT_ENVIRONMENT = {
  NODE_ENV: 'production',
  SERVICE_BINDING_ROOT: '${self}/bindings',
  MERIDIAN_SERVICE_FILE: '${self}/config/service.json',
} as const;

/** How a service runs Node.js: nothing below TLS 1.3, and quiet about stripping types. */
export const NODE_FLAGS = ['--tls-min-v1.3', '--disable-warning=ExperimentalWarning'] as const;

/** Identity folder of the key that a service signs tokens or contexts with. */
export function signingFolder(signature: Signature): string {
  return `${signature}-signing`;
}
