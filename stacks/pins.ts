import { createHash } from 'node:crypto';
import { CodedError } from '@meridian/language/coded-error.ts';
import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { describeProblem } from '@meridian/components/model/validate/problem.ts';
import { z } from 'zod';
import recorded from './pins.json' with { type: 'json' };

/** The file that `npm run pins` writes. */
export const PINS_FILE = 'stacks/pins.json';

/** A digest as the OCI image specification has it, in the only algorithm that registries must know. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digest of what was published, by its bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

const pin = z.object({
  kind: z.enum(['chart', 'image']),
  name: z.string(),
  /** Where it is and which: `registry.example/meridian/catalog:0.1.0`. */
  reference: z.string(),
  /** `sha256:` and 64 hexadecimal digits, or 'unresolved'. */
  digest: z.string().regex(DIGEST).or(z.literal(UNRESOLVED)),
});

/** Something that others publish, and what was found when it was last looked up. */
export type Pin = Readonly<z.infer<typeof pin>>;

/** What `npm run pins` has recorded. Throws CodedError PINS_INVALID. */
export function recordedPins(): readonly Pin[] {
  return parsePins(recorded);
}

/** Pins as the file has them. Throws CodedError PINS_INVALID with every problem. */
export function parsePins(content: unknown): readonly Pin[] {
  const entries: readonly unknown[] = Array.isArray(content) ? content : [content];
  const parsed = z.array(pin).safeParse(entries);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path: [index] }) => Number(index)));
  const problems = [...wrong].map((index) =>
    describeProblem({
      subject: `Pin ${index}`,
      rule: `must have kind ('chart' or 'image'), name, reference and digest ('sha256:' and 64 hexadecimal digits, or '${UNRESOLVED}')`,
      given: JSON.stringify(entries[index]),
      fix: `write ${PINS_FILE} with npm run pins`,
    }),
  );
  throw new CodedError('PINS_INVALID', problems.join('\n'), { problems });
}

/** Digests by reference; of what was not found, none. */
export function pinnedDigests(pins: readonly Pin[]): Readonly<Record<string, string>> {
  const found = pins.filter(({ digest }) => digest !== UNRESOLVED);
  return Object.fromEntries(found.map(({ reference, digest }) => [reference, digest]));
}
