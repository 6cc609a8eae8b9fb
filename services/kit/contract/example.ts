import { createHash } from 'node:crypto';
import type { DescService } from '@bufbuild/protobuf';

/** JSON in which some values differ each time. */
export type ExampleJson =
  string | number | boolean | null | Varying | readonly ExampleJson[] | ExampleObject;

/** An object of it. */
export interface ExampleObject {
  readonly [key: string]: ExampleJson;
}

/** A value that differs each time; readers are shown a sample. */
export class Varying {
  readonly sample: unknown;
  /** Whether it is what one example gives and others use: its sample is no other's then. */
  readonly isUsed: boolean;

  constructor(sample: unknown, isUsed: boolean) {
    this.sample = sample;
    this.isUsed = isUsed;
  }
}

/** One use of a method, with what is answered. */
export interface Example {
  /** Unique for its method: `declined`. */
  readonly name: string;
  /** A sentence about it. */
  readonly summary: string;
  /**
   * Who asks: nobody in particular, the owner of the account and the session of the examples, or somebody
   * with the role.
   */
  readonly as: 'anybody' | 'customer' | 'merchant' | 'support' | 'auditor';
  /** The request message by the protobuf JSON mapping. */
  readonly request: ExampleObject;
  /** The response body, whole; a read is asked again until it is so. */
  readonly response: ExampleJson;
  /** What of the answer other examples use. */
  readonly gives?: readonly Varying[];
  /** Examples that come before, as `PayOrder` or `CreateOrder/declined`, where values do not say so. */
  readonly after?: readonly string[];
  /** Whether it comes after all that are not. @default false */
  readonly last?: boolean;
}

/**
 * Examples of the methods of a contract that have a way in from the edge, one at least for each: beside the
 * contract, shown by the OpenAPI document, executed by a test.
 */
export type Examples<Service extends DescService> = {
  readonly [Method in keyof Service['method']]?: readonly Example[];
};

/**
 * An identifier that one answer gives and other requests use, by a name that is the same wherever it is
 * meant, whichever service it is of. The sample is a UUID that follows from the name.
 */
export function exampleId(name: string): Varying {
  const hex = createHash('sha256').update(name).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `7${hex.slice(13, 16)}`];
  return new Varying([...parts, `9${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-'), true);
}

/** Another value that one answer gives and requests of the same contract use, such as a token. */
export function used(sample: string): Varying {
  return new Varying(sample, true);
}

/** Any other value that differs each time: a text, or a list that is not empty. */
export function varying(sample: string | readonly object[] | readonly string[]): Varying {
  return new Varying(sample, false);
}

/** A point in time. */
export const SOME_TIME = varying('2026-11-27T10:15:30.123Z');

/** The JSON that readers are shown. */
export function sampleOf(value: ExampleJson): unknown {
  if (value instanceof Varying) return value.sample;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly ExampleJson[]).map(sampleOf);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sampleOf(each)]));
}

/** What differs each time, by JSON pointers (RFC 6901). */
export function varyingIn(value: ExampleJson, at = ''): ReadonlyMap<string, Varying> {
  if (value instanceof Varying) return new Map([[at, value]]);
  if (value === null || typeof value !== 'object') return new Map();
  return new Map(
    Object.entries(value).flatMap(([key, each]) => [
      ...varyingIn(each, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    ]),
  );
}
