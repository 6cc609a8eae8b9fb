import { isUuid } from '@meridian/language/uuid.ts';

/** Whether a text has the form of an account's or a session's id; any other names none. */
export function isIdentifier(text: string): boolean {
  return isUuid(text);
}
