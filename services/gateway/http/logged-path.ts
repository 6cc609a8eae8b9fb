/** Ids of the platform's own are UUIDs (RFC 9562); anything else in a path is what somebody typed. */
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const expressions = new Map<string, RegExp>();

/**
 * The path of a request as a log may have it: whole where nothing but ids of ours stands where its route
 * takes a value, and undefined otherwise, as a person's name or address is for no log (docs/retention.md).
 */
export function loggedPath(path: string, route: string | undefined): string | undefined {
  if (route === undefined) return undefined;
  let expression = expressions.get(route);
  if (expression === undefined) {
    const literals = route.split(/\{[^}]*\}/);
    const escaped = literals.map((text) => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
    expression = new RegExp(`^${escaped.join(ID)}$`);
    expressions.set(route, expression);
  }
  return expression.test(path) ? path : undefined;
}
