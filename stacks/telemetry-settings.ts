import type { ObjectStorePlace } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { z } from 'zod';
import { objectStoreForm, objectStorePlace } from './object-store-place.ts';
import { jsonSetting, trueOrFalse, wholeNumber } from './setting-schemas.ts';

const SAMPLE_RANGE_PERCENT = [0, 100] as const;

/** The Secret with the keys of the store, unless the settings name another one. */
const DEFAULT_SECRET = 'telemetry-store-keys';

const STORE_RULE = `must be a JSON object ${objectStoreForm(DEFAULT_SECRET)}`;

const store = z.strictObject(objectStorePlace(DEFAULT_SECRET));

/** What a stack in a cluster says of telemetry: how much is traced, who misses it, where it is kept. */
export function telemetrySettings({ samplePercent }: { readonly samplePercent: number }) {
  return {
    traceSamplePercent: wholeNumber(SAMPLE_RANGE_PERCENT).default(samplePercent),
    heartbeat: trueOrFalse().default(false),
    telemetryStore: jsonSetting<ObjectStorePlace>(store, STORE_RULE).optional(),
  };
}
