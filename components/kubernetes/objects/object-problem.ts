import type { ClusterObject } from '../manifest.ts';

/** What is wrong with an object though its schema allows it. */
export interface ObjectProblem {
  /** Such as `spec.schedule`. */
  readonly property: string;
  /** What is allowed, such as 'must have five fields'. */
  readonly rule: string;
  readonly given: string;
}

/** Finds what whoever reads objects of some kind would refuse only when it runs, or take for something else. */
export type ObjectRule = (object: ClusterObject) => readonly ObjectProblem[];

/** The texts at all properties of a name, however deep, by their paths. */
export function textsNamed(
  name: string,
  value: unknown,
  path = '',
): readonly (readonly [path: string, text: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const below = path === '' ? key : `${path}.${key}`;
    return key === name && typeof member === 'string'
      ? [[below, member] as const]
      : textsNamed(name, member, below);
  });
}
