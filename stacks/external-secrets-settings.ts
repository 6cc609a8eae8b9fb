import type { ExternalSecretsSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { SECRET_STORE_KINDS } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { z } from 'zod';
import { OBJECT_NAME } from './kubernetes-names.ts';
import { jsonSetting } from './setting-schemas.ts';

/** Paths of vaults and names of clouds' secret managers. */
const PREFIX = /^[A-Za-z0-9/_.-]{0,200}$/;

const RULE = `must be a JSON object {"store": "vault"}, the name of a store, with "kind" (${SECRET_STORE_KINDS.join(' or ')}) where it is not the first, and "prefix" (letters, digits and /_.-, such as "meridian/") where the platform's name and '/' does not fit`;

const place = z.strictObject({
  store: z.string().regex(OBJECT_NAME),
  kind: z.enum(SECRET_STORE_KINDS).default('ClusterSecretStore'),
  prefix: z.string().regex(PREFIX).exactOptional(),
});

/** The store from which External Secrets brings the Secrets that are the owner's to make. */
export function externalSecretsSettings() {
  return { externalSecrets: jsonSetting<ExternalSecretsSettings>(place, RULE).optional() };
}
