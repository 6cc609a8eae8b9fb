import type { DeclaredPlatform } from '../../../../infra/declared-file.ts';

/** Words by which parts of the platform name each other, and whatever is made of them. */
const NAMES =
  /\b(audit|catalog|catalogue|gateway|identity|orders|payments|search|account|conservation|order|statement|payment|checkpoint|products)(?=[-".\s_/])/g;

/**
 * A platform of so many times the services of another one: each copy is the whole, under names of its own, so that
 * what each calls, stores and publishes is of its copy. There is no such program; what compares it does not ask.
 */
export function copies(platform: DeclaredPlatform, count: number): DeclaredPlatform {
  const text = JSON.stringify(platform);
  const all = Array.from({ length: count }, (_, place) =>
    place === 0 ? platform : (JSON.parse(text.replaceAll(NAMES, `$1${place}`)) as DeclaredPlatform),
  );
  const large = merged(all) as DeclaredPlatform;
  // However many services there are, zones are the same.
  return { ...large, graph: { ...large.graph, zones: platform.graph.zones } };
}

/** Lists one behind the other, members of objects beside each other, and of anything else the first. */
function merged(values: readonly unknown[]): unknown {
  const [first] = values;
  if (Array.isArray(first)) return (values as readonly unknown[][]).flat();
  if (typeof first !== 'object' || first === null) return first;
  const keys = new Set(values.flatMap((value) => Object.keys(value as object)));
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      merged(
        values.flatMap((value) => {
          const found = (value as Readonly<Record<string, unknown>>)[key];
          return found === undefined ? [] : [found];
        }),
      ),
    ]),
  );
}
