import type { TextForm } from './text-form.ts';

/** Whether an object must have a key: always, or not, with a value in its place or none. */
type Presence = 'required' | 'optional' | 'defaulted';

/**
 * The one description of a value that one process writes as JSON and another reads. Both of its types
 * follow from it, so a key that is renamed for the reader does not compile for the writer.
 *
 * Its reader notes every problem instead of stopping at the first, so that a file is put right in one
 * go; what it gives back is only worth anything when there is none.
 */
export interface Shape<Read, Written = Read, Key extends Presence = 'required'> {
  readonly key: Key;
  /** Only for the compiler. */
  readonly types?: { readonly read: Read; readonly written: Written };
  /** `at` is the path to the value, in the words of messages. */
  readonly read: (value: unknown, at: string, problems: string[]) => unknown;
}

/** What reading such a value gives. */
export type Read<S> = S extends Shape<infer R, unknown, Presence> ? R : never;

/** What may be written of it: what has a default may be left out. */
export type Written<S> = S extends Shape<unknown, infer W, Presence> ? W : never;

type Fields = Readonly<Record<string, Shape<unknown, unknown, Presence>>>;

type KeysThat<F extends Fields, Key extends Presence> = {
  [K in keyof F]: F[K]['key'] extends Key ? K : never;
}[keyof F];

type ReadFields<F extends Fields> = {
  readonly [K in keyof F as K extends KeysThat<F, 'optional'> ? never : K]: Read<F[K]>;
} & { readonly [K in keyof F as K extends KeysThat<F, 'optional'> ? K : never]?: Read<F[K]> };

type WrittenFields<F extends Fields> = {
  readonly [K in keyof F as K extends KeysThat<F, 'required'> ? K : never]: Written<F[K]>;
} & { readonly [K in keyof F as K extends KeysThat<F, 'required'> ? never : K]?: Written<F[K]> };

/** What was found instead of what is allowed, as messages say it. */
export function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Reads a value; what does not fit is added to `problems`, and then the value must not be used. */
export function readShape<R>(shape: Shape<R, unknown>, value: unknown, problems: string[]): R {
  return shape.read(value, '', problems) as R;
}

/** A text of a form. */
export function text({ fits, allowed }: TextForm): Shape<string> {
  return required(allowed, (value) => typeof value === 'string' && fits.test(value));
}

/** One of some texts. */
export function oneOf<const Choice extends string>(choices: readonly Choice[]): Shape<Choice> {
  return required(`one of ${choices.join(', ')}`, (value) => choices.includes(value as Choice));
}

/** A whole number within bounds, both included. */
export function whole(minimum: number, maximum: number): Shape<number> {
  return required(
    `a whole number from ${minimum} to ${maximum}`,
    (value) => Number.isInteger(value) && minimum <= Number(value) && Number(value) <= maximum,
  );
}

/** A list of values that all have a shape; `items` are they in words: 'SPIFFE IDs'. */
export function listOf<R, W>(shape: Shape<R, W>, items: string): Shape<readonly R[], readonly W[]> {
  return {
    key: 'required',
    read: (value, at, problems) => {
      const unfit: string[] = [];
      const list = Array.isArray(value) ? value.map((item) => shape.read(item, at, unfit)) : [];
      if (!Array.isArray(value) || unfit.length > 0) {
        problems.push(`${at}: must be a list of ${items}, got ${found(value)}`);
      }
      return list;
    },
  };
}

/** An object whose values, under whatever keys, all have a shape. */
export function recordOf<R, W>(
  shape: Shape<R, W>,
): Shape<Readonly<Record<string, R>>, Readonly<Record<string, W>>> {
  return {
    key: 'required',
    read: (value, at, problems) =>
      Object.fromEntries(
        Object.entries(objectAt(value, at, problems)).map(([key, each]) => [
          key,
          shape.read(each, pathTo(at, key), problems),
        ]),
      ),
  };
}

/** An object with these keys and no others. */
export function object<const F extends Fields>(fields: F): Shape<ReadFields<F>, WrittenFields<F>> {
  const known = Object.entries(fields);
  return {
    key: 'required',
    read: (value, at, problems) => {
      const given = objectAt(value, at, problems);
      const result: Record<string, unknown> = {};
      for (const [key, shape] of known) {
        if (shape.key === 'optional' && given[key] === undefined) continue;
        result[key] = shape.read(given[key], pathTo(at, key), problems);
      }
      for (const key of Object.keys(given)) {
        if (Object.hasOwn(fields, key)) continue;
        const names = Object.keys(fields).sort().join(', ');
        problems.push(`${pathTo(at, key)}: is not known here; known are ${names}`);
      }
      return result;
    },
  };
}

/** The same under a key that an object may lack. */
export function optional<R, W>(shape: Shape<R, W>): Shape<R, W, 'optional'> {
  return { key: 'optional', read: shape.read };
}

/** The same under a key that an object may lack: then it is read as if this had been written. */
export function withDefault<R, W>(shape: Shape<R, W>, written: W): Shape<R, W, 'defaulted'> {
  return {
    key: 'defaulted',
    read: (value, at, problems) => shape.read(value === undefined ? written : value, at, problems),
  };
}

function required<R>(allowed: string, fits: (value: unknown) => boolean): Shape<R> {
  return {
    key: 'required',
    read: (value, at, problems) => {
      if (!fits(value)) problems.push(`${at}: must be ${allowed}, got ${found(value)}`);
      return value;
    },
  };
}

function objectAt(
  value: unknown,
  at: string,
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  problems.push(`${at === '' ? 'the file' : at}: must be an object, got ${found(value)}`);
  return {};
}

function pathTo(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}
