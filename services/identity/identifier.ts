/** The canonical text form of any UUID (RFC 9562 section 4). */
const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text has the form of an account's or a session's id; any other names none. */
export function isIdentifier(text: string): boolean {
  return UUID_PATTERN.test(text);
}
