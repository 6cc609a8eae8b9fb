import { isIPv4, isIPv6 } from 'node:net';
import type { Format } from 'ajv';

const between =
  (bits: bigint) =>
  (value: number): boolean => {
    const limit = 2n ** (bits - 1n);
    return Number.isInteger(value) && BigInt(value) >= -limit && BigInt(value) < limit;
  };

/** The formats that occur in the schemas, as Kubernetes reads them. */
export const formats: Readonly<Record<string, Format>> = {
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  // RFC 3339, section 5.6.
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i,
  double: { type: 'number', validate: Number.isFinite },
  int32: { type: 'number', validate: between(32n) },
  int64: { type: 'number', validate: between(64n) },
  ipv4: isIPv4,
  ipv6: isIPv6,
};
