import type { JsonValue } from '@bufbuild/protobuf';
import { InvalidRequest, MAX_VIOLATIONS } from './violation.ts';

/** The way to a value: keys of objects, places in arrays. */
export type JsonPath = readonly (string | number)[];

/** What a text has that its value no longer shows, or that no field may hold. */
export interface JsonFindings {
  /** Texts and keys with NUL, which PostgreSQL cannot store. */
  readonly nuls: readonly JsonPath[];
  /** Integers that a double cannot hold; a field that is a double loses nothing by it. */
  readonly roundedIntegers: readonly JsonPath[];
  /** Members of an object that have the name of an earlier one. */
  readonly duplicates: readonly JsonPath[];
}

/** @throws {InvalidRequest} of kind malformed-json */
export function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new InvalidRequest('malformed-json', 'The request body is not valid JSON.', [], {
      cause: error,
    });
  }
}

/** Whether an integer, as it was written, is another one once JSON.parse has read it. */
export function isRounded(source: string): boolean {
  return /^-?[0-9]+$/.test(source) && !Number.isSafeInteger(Number(source));
}

/** An object or array that is open: where in it the next value belongs. */
interface Open {
  at: string | number;
  /** Names of an object's members so far. */
  readonly names: Set<string> | undefined;
}

/** Everything but strings; what is between is white space. */
const TOKEN = /[{}[\],:"]|[^\s{}[\],:"]+/g;

/**
 * Looks through a text that is known to be JSON. Without recursion: a reviver of JSON.parse would have
 * a stack overflow of a text that is nested a few thousand times.
 */
export function scanJson(text: string): JsonFindings {
  const nuls: JsonPath[] = [];
  const roundedIntegers: JsonPath[] = [];
  const duplicates: JsonPath[] = [];
  const open: Open[] = [];
  const here = (): JsonPath => open.map(({ at }) => at);
  const note = (list: JsonPath[]): void => {
    if (list.length < MAX_VIOLATIONS) list.push(here());
  };
  let expectsName = false;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [token] = match;
    const inside = open.at(-1);
    switch (token) {
      case '{':
      case '[':
        open.push({ at: token === '{' ? '' : 0, names: token === '{' ? new Set() : undefined });
        expectsName = token === '{';
        break;
      case '}':
      case ']':
        open.pop();
        expectsName = false;
        break;
      case ',':
        expectsName = inside?.names !== undefined;
        if (typeof inside?.at === 'number') inside.at += 1;
        break;
      case ':':
        expectsName = false;
        break;
      case '"': {
        const end = endOfString(text, match.index);
        TOKEN.lastIndex = end;
        const value = JSON.parse(text.slice(match.index, end)) as string;
        if (expectsName && inside?.names !== undefined) {
          inside.at = value;
          if (inside.names.has(value)) note(duplicates);
          inside.names.add(value);
        }
        if (value.includes('\0')) note(nuls);
        break;
      }
      default:
        if (isRounded(token)) note(roundedIntegers);
    }
  }
  return { nuls, roundedIntegers, duplicates };
}

/** The place after a string that begins here. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at += 1;
  }
  return text.length;
}
