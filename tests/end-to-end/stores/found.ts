/** A part of a store, such as a table of a database, and what of that which is looked for is in it. */
export interface Found {
  /** As docs/retention.md calls it: kind and name. */
  readonly place: string;
  /** Which of the texts are there. */
  readonly texts: readonly string[];
}

/** The texts that are somewhere in what was read, as they are or in base64. */
export function textsIn(read: Buffer | string, texts: readonly string[]): readonly string[] {
  const bytes = typeof read === 'string' ? Buffer.from(read) : read;
  return texts.filter((text) => formsOf(text).some((form) => bytes.includes(form)));
}

/**
 * A text and what base64 makes of it, which depends on how many bytes are before it; characters at its ends
 * are shared with what is around it, and left out.
 */
export function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const encoded = [0, 1, 2].map((before) => {
    const after = (3 - ((before + bytes.length) % 3)) % 3;
    const whole = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(after)]);
    return whole.toString('base64url').slice(before === 0 ? 0 : 4, after === 0 ? undefined : -4);
  });
  return [text, ...encoded];
}
