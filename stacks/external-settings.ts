import type { ExternalSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { defaultKeysSecret } from '@meridian/components/external/kubernetes/places.ts';
import { EXTERNAL_PARAMETERS } from '@meridian/language/bindings.ts';
import { z } from 'zod';
import { ipv4Network, NETWORK_FORM } from './ipv4-network.ts';
import { OBJECT_NAME } from './kubernetes-names.ts';
import { jsonSetting } from './setting-schemas.ts';

/** An origin, and nothing after it: paths are the API's. */
const URI = /^https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/;

const RULE = `must be a JSON object of systems outside the platform, each {"uri": "https://…", "networks": ["203.0.113.0/24"], "secret": "<a Secret>"}, with "bucket" and "region" where it is an object store, or {"standIn": true}; networks are ${NETWORK_FORM}`;

const place = z
  .strictObject({
    uri: z.string().regex(URI),
    networks: z.array(ipv4Network).min(1),
    secret: z.string().regex(OBJECT_NAME).optional(),
    bucket: z.string().regex(EXTERNAL_PARAMETERS.bucket.fits).optional(),
    region: z.string().regex(EXTERNAL_PARAMETERS.region.fits).optional(),
  })
  .or(z.strictObject({ standIn: z.literal(true) }));

/** Where the systems outside the platform are that services talk to, by their names. */
export function externalSettings() {
  return jsonSetting(z.record(z.string(), place), RULE).transform(
    (places): Readonly<Record<string, ExternalSettings>> =>
      Object.fromEntries(
        Object.entries(places).map(([name, given]) => [
          name,
          'standIn' in given
            ? given
            : {
                standIn: false as const,
                uri: given.uri,
                networks: given.networks,
                secret: given.secret ?? defaultKeysSecret(name),
                parameters: {
                  ...(given.bucket === undefined ? {} : { bucket: given.bucket }),
                  ...(given.region === undefined ? {} : { region: given.region }),
                },
              },
        ]),
      ),
  );
}
