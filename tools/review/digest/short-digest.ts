import { createHash } from 'node:crypto';

/** Characters by which people tell two texts apart that they are not shown. */
const SHOWN_CHARACTERS = 8;

/** A text that nobody is shown, by its digest: 'sha256:' and the first hexadecimal digits. */
export function shortDigest(text: string, characters = SHOWN_CHARACTERS): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, characters)}`;
}
