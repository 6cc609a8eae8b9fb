/**
 * What is made of a text, once for each as long as it is among the last: it is only read.
 *
 * @param most so many texts are remembered. @default all
 */
export function remembered<Value>(
  made: (text: string) => Value,
  most = Number.POSITIVE_INFINITY,
): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const value = known.has(text) ? (known.get(text) as Value) : made(text);
    // The last that was asked for comes last.
    known.delete(text);
    known.set(text, value);
    const [oldest = text] = known.keys();
    if (known.size > most) known.delete(oldest);
    return value;
  };
}

/** What is made of an object, once for as long as somebody has it: neither is ever altered. */
export function rememberedOf<Given extends object, Value>(
  made: (given: Given) => Value,
): (given: Given) => Value {
  const known = new WeakMap<Given, Value>();
  return (given) => {
    const value = known.has(given) ? (known.get(given) as Value) : made(given);
    known.set(given, value);
    return value;
  };
}
