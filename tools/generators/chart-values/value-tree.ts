/**
 * Which values a chart reads: below a name the names that may stand there, or true where the chart takes anything,
 * such as the value itself, a list or labels.
 */
export type ValueTree = true | { readonly [name: string]: ValueTree };

/** A chart as it lies in a folder. */
export interface ChartSources {
  /** The parsed values.yaml. */
  readonly values: unknown;
  /** The parsed values.schema.json, where the chart has one. */
  readonly schema?: unknown;
  /** Names of the charts that it brings, which take values of their own. */
  readonly dependencies: readonly string[];
  /** Every template. */
  readonly templates: readonly string[];
}

/** Fields of Kubernetes: what the chart puts there by default is an example of what may be there. */
const ANYTHING_BELOW =
  /^(?:affinity|env|nodeSelector|resources|tolerations|volumes?)$|(?:[aA]nnotations|[eE]nv|[lL]abels|Probe|[rR]esources|[sS]ecurityContext|[sS]elector|[sS]trategy)$|^extra|\.ini$/;

/** `.Values.controller.replicas`, wherever a template reads it. */
const READ = /\$?\.Values((?:\.[A-Za-z0-9_]+)+)/g;

/**
 * By its schema where a chart has one that refuses what it does not name; else by that, by its values.yaml, and by what
 * its templates read, which may be named in comments of values.yaml alone.
 */
export function valueTree({ values, schema, dependencies, templates }: ChartSources): ValueTree {
  const ofTemplates = templates
    .flatMap((template) => [...template.matchAll(READ)])
    .map(([, path = '']) => path.slice(1).split('.'));
  const own = refusesOthers(schema)
    ? ofSchema(schema, schema)
    : ofTemplates.reduce(withPath, union(ofDefaults(values), ofLooseSchema(schema)));
  return dependencies.map((name) => [name]).reduce(withPath, own);
}

function refusesOthers(schema: unknown): schema is Readonly<Record<string, unknown>> {
  const whole = isRecord(schema) ? resolved(schema, schema) : undefined;
  return isRecord(whole) && whole['additionalProperties'] === false;
}

function ofLooseSchema(schema: unknown): ValueTree {
  return isRecord(schema) ? ofSchema(schema, schema) : {};
}

function ofSchema(given: unknown, root: Readonly<Record<string, unknown>>): ValueTree {
  const schema = resolved(given, root);
  if (!isRecord(schema) || !isRecord(schema['properties'])) return true;
  const { properties } = schema;
  if (Object.keys(properties).length === 0) return true;
  return tree(
    Object.entries(properties).map(([name, member]) => [
      name,
      ANYTHING_BELOW.test(name) ? true : ofSchema(member, root),
    ]),
  );
}

function union(one: ValueTree, other: ValueTree): ValueTree {
  if (one === true || other === true) return true;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return tree(names.map((name) => [name, union(one[name] ?? {}, other[name] ?? {})]));
}

/** A schema in place of its `$ref` within the document. Source: JSON Schema draft 7, 8.3. */
function resolved(schema: unknown, root: Readonly<Record<string, unknown>>): unknown {
  if (!isRecord(schema) || typeof schema['$ref'] !== 'string') return schema;
  const keys = schema['$ref'].replace(/^#\//, '').split('/');
  const target = keys.reduce<unknown>(
    (member, key) => (isRecord(member) ? member[key] : undefined),
    root,
  );
  return resolved(target, root);
}

function ofDefaults(value: unknown): ValueTree {
  if (!isRecord(value) || Object.keys(value).length === 0) return true;
  return tree(
    Object.entries(value).map(([name, member]) => [
      name,
      ANYTHING_BELOW.test(name) ? true : ofDefaults(member),
    ]),
  );
}

function withPath(known: ValueTree, [name, ...below]: readonly string[]): ValueTree {
  if (known === true || name === undefined) return known;
  const member = Object.hasOwn(known, name) ? known[name] : undefined;
  // What no default shows, a template may read as a whole.
  const grown = member === undefined ? true : withPath(member, below);
  return tree([...Object.entries(known).filter(([other]) => other !== name), [name, grown]]);
}

function tree(members: readonly (readonly [string, ValueTree])[]): ValueTree {
  return Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
