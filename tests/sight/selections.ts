import type { Matchers, Selection } from '@meridian/components/observability/rules/promql.ts';
import type { ValuedSeries } from './recorded-series.ts';

/** Whether a series is among what is selected. */
export function isSelected(
  { metric, suffix, matchers }: Selection,
  { name, labels }: Pick<ValuedSeries, 'name' | 'labels'>,
): boolean {
  return (
    name === `${metric}${suffix}` &&
    Object.entries(matchers).every(([label, wanted]) => fits(wanted, labels[label] ?? ''))
  );
}

/** Labels of which some value is selected: not where it has to be absent, or may be. */
export function wantedLabels({ matchers }: Pick<Selection, 'matchers'>): readonly string[] {
  return Object.entries(matchers).flatMap(([label, wanted]) =>
    wanted === '' || (typeof wanted === 'object' && 'except' in wanted) ? [] : [label],
  );
}

/** Whether a value is one of those that are wanted. */
export function fits(wanted: Matchers[string], value: string): boolean {
  if (typeof wanted === 'string') return wanted === value;
  if ('except' in wanted) return !anchored(wanted.except).test(value);
  return anchored('pattern' in wanted ? wanted.pattern : wanted.join('|')).test(value);
}

const EXPRESSIONS = new Map<string, RegExp>();

/** As Prometheus has it: of a whole value. */
function anchored(pattern: string): RegExp {
  const expression = EXPRESSIONS.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
  EXPRESSIONS.set(pattern, expression);
  return expression;
}
