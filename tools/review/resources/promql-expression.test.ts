import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { expressionOf } from './promql-expression.ts';
import type { Expression } from './promql-expression.ts';

const rules = path.resolve(import.meta.dirname, '../../../tests/golden/rules.golden.yaml');

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
}

/** An expression with a bracket around each of its parts. */
function bracketed(found: Expression | undefined): string {
  switch (found?.kind) {
    case undefined:
      return 'not read';
    case 'number':
      return `${found.value}`;
    case 'text':
      return 'text';
    case 'series': {
      const { name, matchers } = found.selection;
      const shown = matchers.map(({ label, operator, value }) => `${label} ${operator} ${value}`);
      return [name, ...shown].join(', ');
    }
    case 'window':
      return `[${bracketed(found.of)} × ${found.moments}]`;
    case 'call':
      return `${found.name}(${found.given.map(bracketed).join('; ')})`;
    case 'binary': {
      const operator = found.isBool ? `${found.operator} bool` : found.operator;
      return `(${bracketed(found.left)} ${operator} ${bracketed(found.right)})`;
    }
  }
}

describe('an expression of PromQL', () => {
  test.each([
    ['a + b * c', '(a + (b * c))'],
    ['a - b - c', '((a - b) - c)'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['-a ^ 2', '(-1 * (a ^ 2))'],
    ['-a * b', '((-1 * a) * b)'],
    ['+a', 'a'],
    ['a or b and c unless d', '(a or ((b and c) unless d))'],
    ['a > bool on (x) group_left (y) 3', '(a > bool 3)'],
    ['a == ignoring (x) b', '(a == b)'],
    ['SUM by (a) (b)', 'sum(b)'],
    ['sum(b) without (a)', 'sum(b)'],
    ['quantile(0.9, a)', 'quantile(0.9; a)'],
    ['time()', 'time()'],
    ['1h30m + 0x1F + 1e3 - Inf', '(((5400 + 31) + 1000) - Infinity)'],
    ['rate(a[5m] offset -1m)', 'rate([a × Infinity])'],
    ['a @ 1700000000', 'a'],
    ['max_over_time((a > 1)[1h:30s] @ end())', 'max_over_time([(a > 1) × 121])'],
    ['max_over_time(a[1h:])', 'max_over_time([a × Infinity])'],
    [String.raw`a{b=~"\\d\"", 'c'!='d', e!~` + '`\\w`}', String.raw`a, b =~ \d", c != d, e !~ \w`],
    ['{__name__="a:b", c="d"}', 'a:b, c = d'],
    ['{"a.b", c="\\u0064\\x64"}', 'a.b, c = dd'],
    ['a # what nobody reads', 'a'],
    ['label_replace(a, "b", "$1", "c", "(.*)")', 'label_replace(a; text; text; text; text)'],
  ])('%s', (text, expected) => {
    expect(bracketed(expressionOf(text))).toBe(expected);
  });

  test('is read wherever a rule of the platform has one', () => {
    const { groups } = parse(readFileSync(rules, 'utf8')) as RuleFile;
    const texts = groups.flatMap((group) => group.rules.map(({ expr }) => expr));
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => expressionOf(text) === undefined)).toEqual([]);
  });

  test.each(['', 'a b', 'a[5m', '{__name__=~"a.*"}', 'sum(a', 'a +', 'nothing_like_it(a)'])(
    'is not read: %s',
    (text) => {
      expect(expressionOf(text)).toBeUndefined();
    },
  );

  test.each([
    [100, { kind: 'series', selection: { name: 'a', matchers: [] } }],
    [300, undefined],
    [20_000, undefined],
  ])('is read up to a depth that nobody writes: %d', (depth, read) => {
    expect(expressionOf(`${'('.repeat(depth)}a${')'.repeat(depth)}`)).toEqual(read);
  });
});
