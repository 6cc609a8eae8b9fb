import type { ObjectStorePlace } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { EXTERNAL_PARAMETERS } from '@meridian/language/bindings.ts';
import { z } from 'zod';
import { ipv4Network, NETWORK_FORM } from './ipv4-network.ts';
import { OBJECT_NAME } from './kubernetes-names.ts';
import { jsonSetting, trueOrFalse, wholeNumber } from './setting-schemas.ts';

const SAMPLE_RANGE_PERCENT = [0, 100] as const;

const ORIGIN = /^https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/;

/** The Secret with the keys of the store, unless the settings name another one. */
const DEFAULT_SECRET = 'telemetry-store-keys';

const STORE_RULE = `must be a JSON object {"uri": "https://…", "region": "…", "bucket": "…", "networks": ["203.0.113.0/24"]}, with "secret" where its keys are not in the Secret '${DEFAULT_SECRET}'; networks are ${NETWORK_FORM}`;

const store = z.strictObject({
  uri: z.string().regex(ORIGIN),
  region: z.string().regex(EXTERNAL_PARAMETERS.region.fits),
  bucket: z.string().regex(EXTERNAL_PARAMETERS.bucket.fits),
  networks: z.array(ipv4Network).min(1),
  secret: z.string().regex(OBJECT_NAME).default(DEFAULT_SECRET),
});

/** What a stack in a cluster says of telemetry: how much is traced, who misses it, where it is kept. */
export function telemetrySettings({ samplePercent }: { readonly samplePercent: number }) {
  return {
    traceSamplePercent: wholeNumber(SAMPLE_RANGE_PERCENT).default(samplePercent),
    heartbeat: trueOrFalse().default(false),
    telemetryStore: jsonSetting<ObjectStorePlace>(store, STORE_RULE).optional(),
  };
}
