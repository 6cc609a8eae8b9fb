import { isDeepStrictEqual } from 'node:util';

/** A step into a value: a field, or an element of a list by its `name` or, where elements have none, by its index. */
export type Step = string | { readonly element: string } | number;

/** A place at which two values differ. */
export interface Difference {
  readonly path: readonly Step[];
  /** Absent where only what was found has it. */
  readonly declared?: unknown;
  /** Absent where only what is declared has it. */
  readonly found?: unknown;
}

/** Every place at which what was found is not what is declared; values are JSON. */
export function differencesOf(
  declared: unknown,
  found: unknown,
  path: readonly Step[] = [],
): readonly Difference[] {
  if (isDeepStrictEqual(declared, found)) return [];
  if (isObject(declared) && isObject(found)) return ofObjects(declared, found, path);
  if (Array.isArray(declared) && Array.isArray(found)) return ofLists(declared, found, path);
  return [
    {
      path,
      ...(declared === undefined ? {} : { declared }),
      ...(found === undefined ? {} : { found }),
    },
  ];
}

/** What a value has at a path; undefined where it has nothing. */
export function valueAt(value: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof step === 'string') return isObject(inner) ? inner[step] : undefined;
    if (!Array.isArray(inner)) return undefined;
    const list: readonly unknown[] = inner;
    if (typeof step === 'number') return list[step];
    return list.find((element) => isObject(element) && element['name'] === step.element);
  }, value);
}

/** The path as it is written, such as 'spec.ports[grpc].port' or 'spec.ingress[2]'. */
export function pathText(path: readonly Step[]): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      if (typeof step === 'object') return `[${step.element}]`;
      return /^[A-Za-z0-9_-]+$/.test(step) ? `.${step}` : `["${step}"]`;
    })
    .join('')
    .replace(/^\./, '');
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ofObjects(
  declared: JsonObject,
  found: JsonObject,
  path: readonly Step[],
): readonly Difference[] {
  const fields = [...new Set([...Object.keys(declared), ...Object.keys(found)])].toSorted();
  return fields.flatMap((field) => differencesOf(declared[field], found[field], [...path, field]));
}

function ofLists(
  declared: readonly unknown[],
  found: readonly unknown[],
  path: readonly Step[],
): readonly Difference[] {
  const [one, other] = [named(declared), named(found)];
  if (one !== undefined && other !== undefined) {
    const names = [...new Set([...one.keys(), ...other.keys()])];
    const below = names.flatMap((element) =>
      differencesOf(one.get(element), other.get(element), [...path, { element }]),
    );
    // The same elements in another order.
    return below.length > 0 ? below : [{ path, declared, found }];
  }
  if (declared.length === found.length) {
    return declared.flatMap((value, index) => differencesOf(value, found[index], [...path, index]));
  }
  return ofUnequalLists(declared, found, path);
}

/** Elements that only one of them has, each at its index there. */
function ofUnequalLists(
  declared: readonly unknown[],
  found: readonly unknown[],
  path: readonly Step[],
): readonly Difference[] {
  const onlyIn = (list: readonly unknown[], other: readonly unknown[]) =>
    list
      .map((value, index) => ({ value, index }))
      .filter(({ value }) => !other.some((candidate) => isDeepStrictEqual(candidate, value)));
  const differences = [
    ...onlyIn(declared, found).map(({ value, index }) => ({
      path: [...path, index],
      declared: value,
    })),
    ...onlyIn(found, declared).map(({ value, index }) => ({
      path: [...path, index],
      found: value,
    })),
  ];
  return differences.length > 0 ? differences : [{ path, declared, found }];
}

/** Elements by their names; undefined where one has none, or two have the same. */
function named(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const names = list.map((element) => (isObject(element) ? element['name'] : undefined));
  if (!names.every((name) => typeof name === 'string')) return undefined;
  const byName = new Map(names.map((name, index) => [name, list[index]]));
  return byName.size === list.length ? byName : undefined;
}
