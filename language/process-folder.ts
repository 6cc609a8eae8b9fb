/** Names the file that a process reads its configuration from. */
export const SERVICE_FILE_VARIABLE = 'MERIDIAN_SERVICE_FILE';

/** Names the folder of bindings. Source: Service Binding Specification for Kubernetes 1.1. */
export const BINDING_ROOT_VARIABLE = 'SERVICE_BINDING_ROOT';

/** Give the place of a process where its configuration does not. */
export const INSTANCE_VARIABLE = 'MERIDIAN_INSTANCE';
export const ZONE_VARIABLE = 'MERIDIAN_ZONE';

/** A process's own configuration, as all other paths here relative to its working folder. */
export const SERVICE_FILE = 'config/service.json';

/** Its bindings, a folder each. */
export const BINDINGS_FOLDER = 'bindings';

/** Its certificate towards other services. */
export const IDENTITY_FOLDER = 'tls';

/** Says to which release the process belongs, 'active' or 'preview'; read again when it changes. */
export const RELEASE_ROLE_FILE = 'release/role';

/**
 * Says how many percent of the callers the gateway sends to releases that are not promoted yet, from 0 to
 * 100; read again when it changes.
 */
export const PREVIEW_SHARE_FILE = 'canary/preview-percent';

/** What a service signs with a key of its own, in messages that others verify later. */
export type Signature = 'token' | 'context' | 'checkpoint';

/** The folder of the key that a service signs with. */
export function signingFolder(signature: Signature): string {
  return `${signature}-signing`;
}
