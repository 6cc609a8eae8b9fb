import path from 'node:path/posix';
import type { ForeignChart } from '../manifest.ts';
import type { ObjectProblem } from '../objects/object-problem.ts';
import generated from './gen/chart-values.json' with { type: 'json' };

/** Below a name the names that may stand there, or a boolean (true) where a chart takes anything. */
type KnownValues = boolean | { readonly [name: string]: KnownValues };

/** A chart as it was read. */
interface ReadChart {
  readonly version: string;
  readonly values: KnownValues;
}

/** By name, as tools/generators/chart-values writes them. */
const READ_CHARTS: Readonly<Record<string, ReadChart>> = generated;

/** Every chart may be given these for the charts that it brings. Source: Helm, "Subcharts and Global Values". */
const OF_ALL_CHARTS = ['global'];

/** Values that a chart does not read: Helm takes them in silence, and what was meant does not happen. */
export function chartValueProblems(chart: ForeignChart): readonly ObjectProblem[] {
  return isReadAsInstalled(chart) ? unreadValues(chart) : [];
}

/** The same of a chart that was read at another version than the one that is installed, which may read them. */
export function chartValueWarnings(chart: ForeignChart): readonly string[] {
  if (isReadAsInstalled(chart)) return [];
  return unreadValues(chart).map(
    ({ property, rule, given }) =>
      `Chart '${chart.name}': ${property} ${rule}, got ${given}; whether ${chart.version} reads it is not known (docs/deploying.md)`,
  );
}

function unreadValues({ chart, values }: ForeignChart): readonly ObjectProblem[] {
  const read = readChart(chart);
  if (read === undefined) return [];
  return unknownPaths(values, read.values, []).map((keys) => ({
    property: `values.${keys.join('.')}`,
    rule: `must be one of those that the chart reads at ${read.version} (${knownBeside(read.values, keys).join(', ')})`,
    given: `'${keys.at(-1) ?? ''}'`,
  }));
}

function isReadAsInstalled(chart: ForeignChart): boolean {
  return readVersion(chart) === chart.version;
}

/** The version at which the values of a chart were read; undefined for a chart that nobody has read. */
export function readVersion({ chart }: Pick<ForeignChart, 'chart'>): string | undefined {
  return readChart(chart)?.version;
}

function readChart(chart: string): ReadChart | undefined {
  const name = path.basename(chart);
  return Object.hasOwn(READ_CHARTS, name) ? READ_CHARTS[name] : undefined;
}

function unknownPaths(
  given: unknown,
  known: KnownValues,
  path: readonly string[],
): readonly (readonly string[])[] {
  if (
    typeof known === 'boolean' ||
    typeof given !== 'object' ||
    given === null ||
    Array.isArray(given)
  ) {
    return [];
  }
  return Object.entries(given).flatMap(([name, member]: [string, unknown]) => {
    if (path.length === 0 && OF_ALL_CHARTS.includes(name) && !Object.hasOwn(known, name)) return [];
    const below = Object.hasOwn(known, name) ? known[name] : undefined;
    const here = [...path, name];
    return below === undefined ? [here] : unknownPaths(member, below, here);
  });
}

/** The names that may stand where an unknown one does. */
function knownBeside(known: KnownValues, keys: readonly string[]): readonly string[] {
  const place = keys
    .slice(0, -1)
    .reduce<KnownValues | undefined>(
      (member, key) => (typeof member === 'object' ? member[key] : undefined),
      known,
    );
  return typeof place === 'object' ? Object.keys(place) : [];
}
