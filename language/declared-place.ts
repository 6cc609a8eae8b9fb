/**
 * Where declarations were made, beside them: what they say is equal to the byte wherever they stand. V8 writes the
 * text of a trace when it is first read, so that a program that nobody asks for its places pays a microsecond for each.
 */
const TRACES = new WeakMap<object, { readonly stack?: string }>();

/**
 * Remembers where a declaration is made, and returns it.
 *
 * @param maker the function that the program calls to make it: the trace begins with who called that
 */
export function rememberPlace<Declaration extends object>(
  declaration: Declaration,
  maker: (...given: never[]) => unknown,
): Declaration {
  const trace: { readonly stack?: string } = {};
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(trace, maker);
  Error.stackTraceLimit = before;
  TRACES.set(declaration, trace);
  return declaration;
}

/** The frame of V8 in which a declaration was made, as text; undefined where it is a copy of one. */
export function placeTrace(declaration: object): string | undefined {
  return TRACES.get(declaration)?.stack;
}
