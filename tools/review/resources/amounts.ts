import { wordOf } from '@meridian/policies/fields.ts';

/** Source: Kubernetes, "Resource Management", resource units; sizes of Prometheus and PostgreSQL. */
const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  ...{ m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 },
  ...{ B: 1, kB: 2 ** 10, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 },
  ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
};

/** In seconds. Source: Go, time.ParseDuration; Prometheus, "Configuration", duration. */
const SPANS: Readonly<Record<string, number>> = {
  ...{ ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 },
};

/** A number or a quantity such as '20Gi' or '500m'; undefined for anything else. */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const [, amount, unit = ''] = /^(-?\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(wordOf(value)) ?? [];
  const factor = SIZES[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

/** Seconds of a span such as '90d' or '87600h0m0s'; undefined for anything else. */
export function secondsOf(value: unknown): number | undefined {
  const text = wordOf(value);
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (SPANS[unit] ?? 0),
    0,
  );
}
