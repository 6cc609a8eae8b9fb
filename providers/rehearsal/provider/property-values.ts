import { SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_VALUE } from './protocol-marks.ts';

/** Properties as Pulumi's protocol carries them: secrets are marked objects, unknowns a text. */
export type Properties = Readonly<Record<string, unknown>>;

/** Stands for a secret wherever people read. */
export const MASK = '[secret]';

/** Whether a value has members by name: neither a list nor nothing. */
export function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value marked as secret: the engine encrypts it in state and shows it to nobody. */
export function asSecret(value: unknown): unknown {
  return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: revealed(value) };
}

/** The value without marks: secrets in the clear, for what checks them and tells nobody. */
export function revealed(value: unknown): unknown {
  return withSecrets(value, (secret) => revealed(secret));
}

/** The value as people may see it: of a secret only which members it has. */
export function masked(value: unknown, mask = MASK): unknown {
  return withSecrets(value, (secret) => withLeaves(revealed(secret), mask));
}

/** Whether a value is, or holds, a secret. */
export function hasSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasSecret);
}

/** Whether a value is, or holds, something that only an update will know. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasUnknown);
  return value === UNKNOWN_VALUE;
}

/** Whether a value is marked as secret. */
export function isSecret(value: unknown): value is { readonly value: unknown } {
  return isRecord(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

function withLeaves(value: unknown, leaf: string): unknown {
  if (Array.isArray(value)) return value.map((member) => withLeaves(member, leaf));
  if (!isRecord(value)) return leaf;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withLeaves(member, leaf)]),
  );
}

function withSecrets(value: unknown, replace: (secret: unknown) => unknown): unknown {
  if (isSecret(value)) return replace(value.value);
  if (Array.isArray(value)) return value.map((member) => withSecrets(member, replace));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withSecrets(member, replace)]),
  );
}
