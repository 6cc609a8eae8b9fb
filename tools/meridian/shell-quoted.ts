/** A text as one word of a POSIX shell; as it is where nothing in it means anything to a shell. */
export function shellQuoted(text: string): string {
  return /^[A-Za-z0-9%+,./:=@_-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
