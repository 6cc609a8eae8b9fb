import { fieldsOf, textOf, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { remembered } from '../../meridian/rehearsal/remembered.ts';
import { ANY, boundsOf, either } from './expression-bounds.ts';
import type { Bounds } from './expression-bounds.ts';
import { expressionOf } from './promql-expression.ts';
import type { Expression, LabelMatcher, SeriesSelection } from './promql-expression.ts';

/** What rules of Prometheus read of each other, and which values that leaves them. */
export interface RuleReach {
  /** Between which values an expression is, wherever it has one. */
  readonly bounds: (expression: string) => Bounds;
  /** All that an expression selects, through whatever is recorded on the way. */
  readonly reads: (expression: string) => RuleReads;
}

/** What an expression reads. */
export interface RuleReads {
  /** Rules that record what it reads. */
  readonly rules: ReadonlySet<Fields>;
  /** Series that no rule records. */
  readonly series: readonly SeriesSelection[];
}

/** Looks through rules, as a rule file has them. */
export function ruleReach(rules: readonly Fields[]): RuleReach {
  const byRecord = Map.groupBy(
    rules.filter(({ record }) => record !== undefined),
    ({ record }) => textOf(record),
  );
  const recording = ({ name, matchers }: SeriesSelection): readonly Fields[] =>
    (byRecord.get(name) ?? []).filter((rule) => mayMatch(rule, matchers));
  const known = new Map<string, Bounds>();
  const bounds = (text: string): Bounds => {
    if (known.has(text)) return known.get(text);
    // What reads itself may have any value.
    known.set(text, ANY);
    const expression = expressionOf(text);
    const found = expression === undefined ? ANY : boundsOf(expression, ofSeries);
    known.set(text, found);
    return found;
  };
  const ofSeries = (selection: SeriesSelection): Bounds => {
    const found = recording(selection);
    if (found.length > 0) {
      return found.map((rule) => bounds(wordOf(rule['expr']))).reduce(either, undefined);
    }
    // A name with a colon is one of a record. Source: Prometheus, "Metric and label naming".
    return isOfRecord(selection) ? undefined : ANY;
  };
  const reads = (text: string): RuleReads => {
    const found = new Set<Fields>();
    const series: SeriesSelection[] = [];
    const seen = new Set<string>();
    const visit = (selection: SeriesSelection): void => {
      const key = JSON.stringify(selection);
      if (seen.has(key)) return;
      seen.add(key);
      const recorded = recording(selection);
      if (recorded.length === 0) series.push(selection);
      for (const rule of recorded) {
        found.add(rule);
        const given = fieldsOf(rule['labels']);
        // What selects a record selects what it is made of too, but for labels that its rule gives.
        const rest = selection.matchers.filter(({ label }) => !(label in given));
        for (const { name, matchers } of selectionsIn(expressionOf(wordOf(rule['expr'])))) {
          visit({ name, matchers: [...rest, ...matchers] });
        }
      }
    };
    selectionsIn(expressionOf(text)).forEach(visit);
    return { rules: found, series };
  };
  return { bounds, reads: remembered(reads) };
}

/** Whether a series is one that only a rule makes. */
export function isOfRecord({ name }: SeriesSelection): boolean {
  return name.includes(':');
}

function selectionsIn(expression: Expression | undefined): readonly SeriesSelection[] {
  switch (expression?.kind) {
    case 'series':
      return [expression.selection];
    case 'window':
      return selectionsIn(expression.of);
    case 'call':
      return expression.given.flatMap(selectionsIn);
    case 'binary':
      return [expression.left, expression.right].flatMap(selectionsIn);
    case 'number':
    case 'text':
    case undefined:
      return [];
  }
}

/** Whether what a rule records can be among what is selected: of labels that it does not give nothing is known. */
function mayMatch(rule: Fields, matchers: readonly LabelMatcher[]): boolean {
  const labels = fieldsOf(rule['labels']);
  return matchers.every(({ label, operator, value }) => {
    const given = labels[label];
    return typeof given !== 'string' || matches({ operator, value }, given) !== false;
  });
}

/** Whether a label is what is asked for; undefined where the pattern cannot be read. */
export function matches(
  { operator, value }: Pick<LabelMatcher, 'operator' | 'value'>,
  given: string,
): boolean | undefined {
  if (operator === '=') return given === value;
  if (operator === '!=') return given !== value;
  const pattern = wholePattern(value);
  return pattern === undefined ? undefined : pattern.test(given) === (operator === '=~');
}

/** A pattern that is held against all of a text, as Prometheus does; undefined where JavaScript has no such one. */
export function wholePattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    // RE2 knows more: nothing is known of what it selects.
    return undefined;
  }
}
