import { runtime } from '@pulumi/pulumi';
import type { z } from 'zod';
import type { Properties } from './resource-handler.ts';

export interface InputProblem {
  /** Path of the property, such as `spec.listens[0].port`. */
  readonly property: string;
  /** What is allowed, and what was given. */
  readonly reason: string;
}

/**
 * Every problem of a resource's inputs. What a preview does not know yet is taken as right: it is
 * checked again when it is known.
 */
export function problemsOf(schema: z.ZodType, inputs: Properties): readonly InputProblem[] {
  const secret = findSecret(inputs, []);
  if (secret !== undefined) {
    return [
      {
        property: pathText(secret),
        reason: 'must not be secret: it would lie in the clear in state and in files',
      },
    ];
  }
  const result = schema.safeParse(inputs);
  return (result.error?.issues ?? [])
    .filter((issue) => !isUnknown(valueAt(inputs, issue.path)))
    .map((issue) => ({
      property: pathText(issue.path),
      reason: `${issue.message}, got ${shown(valueAt(inputs, issue.path))}`,
    }));
}

/** Whether a value is, or holds, something that only an update will know. */
export function isUnknown(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).some(isUnknown);
  }
  return value === runtime.unknownValue;
}

function findSecret(
  value: unknown,
  path: readonly PropertyKey[],
): readonly PropertyKey[] | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const signature: unknown = Reflect.get(value, runtime.specialSigKey);
  if (signature === runtime.specialSecretSig) {
    return path;
  }
  for (const [key, member] of Object.entries(value)) {
    const found = findSecret(member, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    // An unknown list or object stands for all that it will hold.
    if (typeof current !== 'object' || current === null) {
      return current === runtime.unknownValue ? current : undefined;
    }
    current = Reflect.get(current, key);
  }
  return current;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text ? '.' : ''}${String(key)}`,
    '',
  );
}

const SHOWN_LENGTH = 100;

function shown(value: unknown): string {
  const json = value === undefined ? 'nothing' : JSON.stringify(value);
  return json.length > SHOWN_LENGTH ? `${json.slice(0, SHOWN_LENGTH)}…` : json;
}
