/** The canonical text form of any UUID. Source: RFC 9562, section 4. */
const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is a UUID in its canonical form, in small letters. */
export function isUuid(text: string): boolean {
  return UUID_PATTERN.test(text);
}
