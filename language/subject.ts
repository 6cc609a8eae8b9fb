import type { TextForm } from './text-form.ts';

/** The id of a subject, as tokens and signed contexts carry it: printable ASCII. */
export const SUBJECT: TextForm = { fits: /^[\x21-\x7e]{1,256}$/, allowed: 'the id of a subject' };

/** A role of a subject: a word that fits a token and a log line. */
export const ROLE: TextForm = {
  fits: /^[a-z][a-z0-9-]{0,31}$/,
  allowed: 'a lower-case word of at most 32 letters, digits and hyphens',
};

/** The most roles of one subject. */
const ROLES_MAX = 32;

/** Whether a value is the roles of a subject. */
export function areRoles(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= ROLES_MAX &&
    value.every((role) => typeof role === 'string' && ROLE.fits.test(role))
  );
}
