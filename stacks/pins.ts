import { CodedError } from '@meridian/language/coded-error.ts';
import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import recorded from './pins.json' with { type: 'json' };

/** The file that `npm run pins` writes. */
export const PINS_FILE = 'stacks/pins.json';

/** What has a digest. */
export type PinKind = 'chart' | 'image';

/** Something that others publish, and what was found when it was last looked up. */
export interface Pin {
  readonly kind: PinKind;
  readonly name: string;
  /** Where it is and which: `registry.example/meridian/catalog:0.1.0`. */
  readonly reference: string;
  /** `sha256:` and 64 hexadecimal digits, or 'unresolved'. */
  readonly digest: string;
}

/** A digest as the OCI image specification has it, in the only algorithm that registries must know. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What `npm run pins` has recorded. Throws CodedError PINS_INVALID. */
export function recordedPins(): readonly Pin[] {
  return parsePins(recorded);
}

/** Pins as the file has them. Throws CodedError PINS_INVALID with every problem. */
export function parsePins(content: unknown): readonly Pin[] {
  const entries: readonly unknown[] = Array.isArray(content) ? content : [content];
  const problems = entries.flatMap((entry, index) => (isPin(entry) ? [] : problem(entry, index)));
  if (problems.length > 0) {
    throw new CodedError('PINS_INVALID', problems.join('\n'), { problems });
  }
  return entries.filter(isPin);
}

/** Digests by reference; of what was not found, none. */
export function pinnedDigests(pins: readonly Pin[]): Readonly<Record<string, string>> {
  const found = pins.filter(({ digest }) => digest !== UNRESOLVED);
  return Object.fromEntries(found.map(({ reference, digest }) => [reference, digest]));
}

function isPin(entry: unknown): entry is Pin {
  if (typeof entry !== 'object' || entry === null) return false;
  const { kind, name, reference, digest } = entry as Readonly<Record<string, unknown>>;
  return (
    (kind === 'chart' || kind === 'image') &&
    typeof name === 'string' &&
    typeof reference === 'string' &&
    typeof digest === 'string' &&
    (digest === UNRESOLVED || DIGEST.test(digest))
  );
}

function problem(entry: unknown, index: number): string {
  return `Pin ${index}: must have kind ('chart' or 'image'), name, reference and digest ('sha256:' and 64 hexadecimal digits, or '${UNRESOLVED}'), got ${JSON.stringify(entry)}; write ${PINS_FILE} with npm run pins`;
}
