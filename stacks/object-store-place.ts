import { EXTERNAL_PARAMETERS } from '@meridian/language/bindings.ts';
import { z } from 'zod';
import { ipv4Network, NETWORK_FORM } from './ipv4-network.ts';
import { OBJECT_NAME } from './kubernetes-names.ts';

const ORIGIN = /^https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/;

/** The fields of a bucket and of how it is reached; `secret` has its keys unless the settings name another one. */
export function objectStorePlace(secret: string) {
  return {
    uri: z.string().regex(ORIGIN),
    region: z.string().regex(EXTERNAL_PARAMETERS.region.fits),
    bucket: z.string().regex(EXTERNAL_PARAMETERS.bucket.fits),
    networks: z.array(ipv4Network).min(1),
    secret: z.string().regex(OBJECT_NAME).default(secret),
  };
}

/** What a message says of these fields. */
export function objectStoreForm(secret: string): string {
  return `{"uri": "https://…", "region": "…", "bucket": "…", "networks": ["203.0.113.0/24"]}, with "secret" where its keys are not in the Secret '${secret}'; networks are ${NETWORK_FORM}`;
}
