import { quote } from './violation.ts';
import type { Violation } from './violation.ts';

/** One `name=value` of a query string, percent-decoded. */
export interface QueryParameter {
  readonly name: string;
  readonly value: string;
}

/** What was read from a query string, and the parts that cannot be read. */
export interface Query {
  readonly parameters: readonly QueryParameter[];
  readonly violations: readonly Violation[];
}

/**
 * Reads a raw query string strictly: `&` separates, `+` is a space, escapes must be valid UTF-8.
 * Source: the WHATWG form-urlencoded parser, which would replace what is invalid; this refuses it.
 */
export function parseQuery(raw: string): Query {
  const parameters: QueryParameter[] = [];
  const violations: Violation[] = [];
  for (const part of raw.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const rawName = equals < 0 ? part : part.slice(0, equals);
    const name = decode(rawName);
    const value = decode(equals < 0 ? '' : part.slice(equals + 1));
    if (name === undefined || value === undefined) {
      violations.push({
        field: (name ?? rawName).slice(0, 60),
        detail: `${quote(part)} is not valid percent-encoded UTF-8`,
      });
    } else {
      parameters.push({ name, value });
    }
  }
  return { parameters, violations };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
