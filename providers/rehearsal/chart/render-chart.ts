import { parseAllDocuments } from 'yaml';
import { isRecord } from '../provider/property-values.ts';
import type { Properties } from '../provider/property-values.ts';
import { ChartError } from './read-chart.ts';
import type { LocalChart } from './read-chart.ts';

/** Values of a release over those of its chart: objects are merged, null takes a value away. */
export function mergedValues(defaults: Properties, given: Properties): Properties {
  const merged = Object.entries(given).map(([key, value]) => {
    const below = defaults[key];
    return [key, isRecord(value) && isRecord(below) ? mergedValues(below, value) : value] as const;
  });
  return Object.fromEntries(
    Object.entries({ ...defaults, ...Object.fromEntries(merged) }).filter(
      ([, value]) => value !== null,
    ),
  );
}

/**
 * The objects of a chart, in the order of its files. Throws ChartError for a template with more in it
 * than references to values that are there.
 */
export function renderChart(chart: LocalChart, values: Properties): readonly Properties[] {
  return Object.entries(chart.templates).flatMap(([file, text]) =>
    objectsOf(file, renderTemplate(file, text, values)),
  );
}

/** The text of a template with values in it. Throws ChartError. */
export function renderTemplate(file: string, text: string, values: Properties): string {
  return text.replaceAll(
    /\{\{([\s\S]*?)(\}\}|$)/g,
    (_all, action: string, end: string, offset: number) => {
      const place = `${file}, line ${text.slice(0, offset).split('\n').length}`;
      if (end === '') throw notKnown(place, "'{{' without an end");
      return evaluate(action.trim(), values, place);
    },
  );
}

function evaluate(action: string, values: Properties, place: string): string {
  const [, literal] = /^"([^"\\]*)"$/.exec(action) ?? [];
  if (literal !== undefined) return literal;
  const [, reference] = /^\.Values\.([A-Za-z0-9_.]+)$/.exec(action) ?? [];
  if (reference === undefined) throw notKnown(place, `'{{ ${action} }}'`);
  const value = reference
    .split('.')
    .reduce<unknown>((member, key) => (isRecord(member) ? member[key] : undefined), values);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  const got = value === undefined ? 'nothing' : 'an object or a list';
  throw new ChartError(`${place}: value '${reference}' must be a text or a number, got ${got}`);
}

function notKnown(place: string, got: string): ChartError {
  return new ChartError(
    `${place}: must be a reference to a value, such as '{{ .Values.image.digest }}', to be rehearsed, got ${got}`,
  );
}

function objectsOf(file: string, text: string): readonly Properties[] {
  return parseAllDocuments(text)
    .filter((document) => document.contents !== null)
    .map((document) => {
      const [error] = document.errors;
      const object: unknown = error === undefined ? document.toJS() : undefined;
      if (isRecord(object)) return object;
      // The parser's own message quotes the text, which may hold a secret.
      const line = error?.linePos?.[0].line;
      throw new ChartError(
        `${file}: must render to objects, got no YAML object${line === undefined ? '' : ` (line ${line})`}`,
      );
    });
}
