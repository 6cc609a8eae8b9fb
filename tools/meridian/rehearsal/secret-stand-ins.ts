import { createHash } from 'node:crypto';

/**
 * Nobody can decrypt a stack's secrets here, so a text stands for each: the same for the same
 * ciphertext, so that a change of a secret shows.
 */
export function withStandIns(config: unknown): unknown {
  if (typeof config !== 'object' || config === null) return config;
  if (Array.isArray(config)) return config.map(withStandIns);
  const secure = (config as { readonly secure?: unknown }).secure;
  if (typeof secure === 'string') {
    return `secret-${createHash('sha256').update(secure).digest('hex').slice(0, 12)}`;
  }
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, withStandIns(value)]),
  );
}
