import { isSecret } from '@meridian/provider-rehearsal/provider/property-values.ts';

/** A key in Pulumi's notation: `.name`, `name` at the beginning, `[0]` or `["a.b"]`. */
const KEY = /\.?([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** The value at a path in Pulumi's notation, or the secret that it is in; undefined where there is none. */
export function valueAt(value: unknown, property: string): unknown {
  const key = new RegExp(KEY);
  let member = value;
  while (key.lastIndex < property.length) {
    const found = key.exec(property);
    if (found === null) throw new Error(`'${property}' is not a path of properties`);
    const [, name, index, quoted] = found;
    const next = quoted === undefined ? (name ?? index ?? '') : (JSON.parse(quoted) as string);
    if (isSecret(member)) return member;
    if (typeof member !== 'object' || member === null) return undefined;
    // What every object has by itself, such as toString, nobody has given it.
    member = Object.hasOwn(member, next) ? Reflect.get(member, next) : undefined;
  }
  return member;
}
