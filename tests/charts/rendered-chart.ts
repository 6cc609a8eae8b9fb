import { parse, parseAllDocuments } from 'yaml';
import { madeOnce } from '../once/made-once.ts';

/** An object of a cluster, as far as tests look at every one. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}

/** The files of one chart by their path in it. */
export type ChartText = Readonly<Record<string, string>>;

const rendered = await madeOnce('staging-rendered', async () => {
  const { renderedStaging } = await import('./rendered-staging.ts');
  return renderedStaging();
});

/** The charts of the staging stack by service. */
export const charts: ReadonlyMap<string, ChartText> = new Map(
  [...Map.groupBy(Object.entries(rendered.charts), ([file]) => file.split('/')[0] ?? '')].map(
    ([name, files]) => [
      name,
      Object.fromEntries(files.map(([file, text]) => [file.slice(name.length + 1), text])),
    ],
  ),
);

/** The manifests of the staging stack beside what its charts hold, by file; charts of others are none. */
export const manifests: ReadonlyMap<string, string> = new Map(
  Object.entries(rendered.manifests).filter(([file]) => !/^services\/|\/\d+-release-/.test(file)),
);

/**
 * The manifests of a chart with its default values, as helm.test.ts shows that Helm makes them. Those of charts
 * use references to values and the literal `{{`, nothing else of Helm's language, and any other use of
 * it is an error here.
 */
export function withDefaults(chart: ChartText): string {
  const values: unknown = parse(chart['values.yaml'] ?? '');
  const manifests = Object.entries(chart)
    .filter(([file]) => /^templates\/.*\.yaml$/.test(file))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([file, text]) => `# ${file}\n${text}`);
  return manifests.join('---\n').replaceAll(/\{\{(.*?)\}\}/g, (_all, expression: string) => {
    if (expression === ' "{{" ') return '{{';
    const match = /^ \.Values\.([a-zA-Z.]+) $/.exec(expression);
    if (match?.[1] === undefined) throw new Error(`No reference to a value: {{${expression}}}`);
    return String(valueAt(values, match[1]));
  });
}

/** The objects of a chart with its default values. */
export function objectsOf<T extends ClusterObject>(
  chart: ChartText,
  kind: T['kind'],
): readonly T[] {
  return allObjects(withDefaults(chart)).filter((object): object is T => object.kind === kind);
}

/** The objects of a text with a document each. */
export function allObjects(text: string): readonly ClusterObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as ClusterObject);
}

function valueAt(values: unknown, path: string): unknown {
  const found = path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);
  if (found === undefined) throw new Error(`values.yaml has no ${path}`);
  return found;
}
