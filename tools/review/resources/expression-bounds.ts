import type { Expression, SeriesSelection } from './promql-expression.ts';

/** Between which values an expression is wherever it has one; undefined where it never has. */
export type Bounds = { readonly low: number; readonly high: number } | undefined;

/** What nothing is known of. */
export const ANY: NonNullable<Bounds> = { low: -Infinity, high: Infinity };

const COUNTED: NonNullable<Bounds> = { low: 0, high: Infinity };
const SWITCH: NonNullable<Bounds> = { low: 0, high: 1 };

/** Values are some of those that are given. Source: Prometheus 3, "Functions" and "Aggregation operators". */
const SOME_OF_THEM: ReadonlySet<string> = new Set([
  ...['max', 'min', 'avg', 'max_over_time', 'min_over_time', 'avg_over_time', 'last_over_time'],
  ...['label_replace', 'label_join', 'sort', 'sort_desc', 'vector', 'scalar', 'first_over_time'],
]);
/** They count, add up or measure what is never below nothing. */
const NEVER_NEGATIVE: ReadonlySet<string> = new Set([
  ...['rate', 'irate', 'increase', 'changes', 'resets', 'timestamp', 'time', 'stddev', 'stdvar'],
]);

/**
 * Between which values an expression is, by constants and by what it reads. Whatever is not known makes it wider, so that
 * what it rules out is impossible.
 */
export function boundsOf(
  expression: Expression,
  boundsOfSeries: (selection: SeriesSelection) => Bounds,
): Bounds {
  const bounds = (of: Expression): Bounds => boundsOf(of, boundsOfSeries);
  switch (expression.kind) {
    case 'number':
      return Number.isNaN(expression.value) ? ANY : exactly(expression.value);
    case 'text':
      return ANY;
    case 'series':
      return boundsOfSeries(expression.selection);
    case 'window':
      return bounds(expression.of);
    case 'call':
      return ofCall(expression, expression.given.map(bounds));
    case 'binary':
      return ofBinary(expression, bounds(expression.left), bounds(expression.right));
  }
}

function exactly(value: number): NonNullable<Bounds> {
  return { low: value, high: value };
}

function ofCall(
  { name, given }: Extract<Expression, { readonly kind: 'call' }>,
  bounds: readonly Bounds[],
): Bounds {
  if (name === 'absent' || name === 'absent_over_time') return exactly(1);
  if (name === 'time') return COUNTED;
  const isOfText = given[0]?.kind === 'number' || given[0]?.kind === 'text';
  // Such as topk(3, x) and quantile(0.9, x): what they are of comes second.
  const [first, second] = isOfText && given.length > 1 ? bounds.toReversed() : bounds;
  if (first === undefined) return undefined;
  if (SOME_OF_THEM.has(name) || name === 'topk' || name === 'bottomk') return first;
  if (NEVER_NEGATIVE.has(name)) return COUNTED;
  switch (name) {
    case 'count':
      return { low: 1, high: Infinity };
    case 'count_over_time':
      return { low: 1, high: momentsOf(given[0]) };
    case 'clamp_max':
      return second && { low: Math.min(first.low, second.low), high: least(first, second) };
    case 'clamp_min':
      return second && { low: most(first, second), high: Math.max(first.high, second.high) };
    case 'sum':
    case 'sum_over_time':
      // There is one at least, and none takes from what is never negative.
      return {
        low: first.low >= 0 ? first.low : -Infinity,
        high: first.high <= 0 ? first.high : Infinity,
      };
    default:
      return ANY;
  }
}

function least(one: NonNullable<Bounds>, other: NonNullable<Bounds>): number {
  return Math.min(one.high, other.high);
}

function most(one: NonNullable<Bounds>, other: NonNullable<Bounds>): number {
  return Math.max(one.low, other.low);
}

function momentsOf(window: Expression | undefined): number {
  return window?.kind === 'window' ? window.moments : Infinity;
}

function ofBinary(
  { operator, isBool, left, right }: Extract<Expression, { readonly kind: 'binary' }>,
  one: Bounds,
  other: Bounds,
): Bounds {
  if (operator === 'or') return either(one, other);
  if (operator === 'unless') return one;
  if (one === undefined || other === undefined) return undefined;
  if (operator === 'and') return one;
  switch (operator) {
    case '+':
      return { low: one.low + other.low, high: one.high + other.high };
    case '-':
      return { low: one.low - other.high, high: one.high - other.low };
    case '*':
      return products(one, other);
    case '/':
      return other.low > 0 || other.high < 0
        ? products(one, { low: 1 / other.high, high: 1 / other.low })
        : ANY;
    case '%':
    case '^':
    case 'atan2':
      return ANY;
    default:
      return ofComparison({ operator, isBool, isOfNumber: left.kind === 'number' }, one, {
        ...other,
        isNumber: right.kind === 'number',
      });
  }
}

/** Whatever either of two has. */
export function either(one: Bounds, other: Bounds): Bounds {
  if (one === undefined || other === undefined) return one ?? other;
  return { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) };
}

function products(one: NonNullable<Bounds>, other: NonNullable<Bounds>): NonNullable<Bounds> {
  const found = [one.low, one.high].flatMap((left) =>
    // Nothing, however often, is nothing.
    [other.low, other.high].map((right) => (left === 0 || right === 0 ? 0 : left * right)),
  );
  return { low: Math.min(...found), high: Math.max(...found) };
}

/** What always and never holds is known; a filter keeps what holds. */
function ofComparison(
  {
    operator,
    isBool,
    isOfNumber,
  }: { readonly operator: string; readonly isBool: boolean; readonly isOfNumber: boolean },
  one: NonNullable<Bounds>,
  other: NonNullable<Bounds> & { readonly isNumber: boolean },
): Bounds {
  const holds = holding(operator, one, other);
  if (isBool) return holds === undefined ? SWITCH : exactly(holds ? 1 : 0);
  if (holds === false) return undefined;
  // Of a number and some series, the series is what is left.
  const kept = isOfNumber && !other.isNumber ? { low: other.low, high: other.high } : one;
  return operator === '==' ? { low: most(one, other), high: least(one, other) } : kept;
}

/** Whether a comparison always holds, or never; undefined where it may. */
function holding(
  operator: string,
  one: NonNullable<Bounds>,
  other: NonNullable<Bounds>,
): boolean | undefined {
  switch (operator) {
    case '>':
      return one.high <= other.low ? false : one.low > other.high ? true : undefined;
    case '<':
      return holding('>', other, one);
    case '>=':
      return one.high < other.low ? false : one.low >= other.high ? true : undefined;
    case '<=':
      return holding('>=', other, one);
    default: {
      const isApart = one.high < other.low || other.high < one.low;
      const isOne = one.low === one.high && other.low === other.high && one.low === other.low;
      const isEqual = isApart ? false : isOne ? true : undefined;
      return operator === '==' || isEqual === undefined ? isEqual : !isEqual;
    }
  }
}
