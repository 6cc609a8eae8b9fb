import { describe, expect, test } from '@jest/globals';
import { parser as logqlParser } from '@grafana/lezer-logql';
import { parser as traceqlParser } from '@grafana/lezer-traceql';
import fc from 'fast-check';
import { codePoint } from '../../../tests/code-point.ts';
import { logql } from './logql.ts';
import type { LogQuestion } from './log-question.ts';
import { literalPattern, logsql, quoted } from './logsql.ts';
import { traceql, traceSearch, type TraceQuestion } from './trace-question.ts';

const HOSTILE = '"} | drop \\" \n`$x`\u0000\u001b[31m\u2028*.+|';

const questions = (text: string): readonly LogQuestion[] => [
  { by: 'trace', traceId: text },
  { by: 'service', service: text, level: 'warn' },
  { by: 'text', text },
  { by: 'text', text, service: text },
  { by: 'request', requestId: text },
  { by: 'release', service: text, version: text },
];

const traceQuestions = (text: string): readonly TraceQuestion[] => [
  { by: 'service', service: text },
  { by: 'operation', service: text, operation: text },
  { by: 'failed', service: text },
  { by: 'slow', service: text, longerThanMs: 200 },
];

interface Tree {
  readonly iterate: (spec: {
    readonly enter: (node: {
      readonly name: string;
      readonly type: { readonly isError: boolean };
    }) => void;
  }) => void;
}

/** The kinds of nodes that a grammar of Grafana's sees, in the order in which it does. */
function nodesOf(tree: Tree): readonly string[] {
  const nodes: string[] = [];
  tree.iterate({ enter: ({ name, type }) => void nodes.push(type.isError ? 'ERROR' : name) });
  return nodes;
}

describe('the five questions of logs', () => {
  test('are asked of VictoriaLogs', () => {
    expect(questions('x').map(logsql)).toEqual([
      'trace_id:="x"',
      '"service.name":="x" severity_text:in("warn","error","fatal")',
      '_msg:~"x"',
      '"service.name":="x" _msg:~"x"',
      'request_id:="x"',
      '"service.name":="x" version:="x" severity_text:in("error","fatal")',
    ]);
  });

  test('are asked of Loki', () => {
    expect(questions('x').map(logql)).toEqual([
      '{service_name=~".+"} | trace_id="x"',
      '{service_name="x", severity_text=~"warn|error|fatal"}',
      '{service_name=~".+"} |= "x"',
      '{service_name="x"} |= "x"',
      '{service_name=~".+"} | request_id="x"',
      '{service_name="x", severity_text=~"error|fatal"} | version="x"',
    ]);
  });

  test("are what Grafana's grammar understands, and the same to it whatever is asked for", () => {
    const shapes = questions('x').map((question) => nodesOf(logqlParser.parse(logql(question))));
    expect(shapes.flat()).not.toContain('ERROR');
    fc.assert(
      fc.property(fc.oneof(fc.constant(HOSTILE), fc.string({ unit: codePoint })), (text) => {
        const asked = questions(text).map((question) =>
          nodesOf(logqlParser.parse(logql(question))),
        );
        expect(asked).toEqual(shapes);
      }),
      { numRuns: 30 },
    );
    expect(nodesOf(logqlParser.parse('{service_name="} |= "x"'))).toContain('ERROR');
  });

  test('quote what is asked for, so that it ends nowhere but at its end', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(HOSTILE), fc.string({ unit: codePoint })), (text) => {
        const literal = quoted(text);
        expect(literal).toMatch(/^"([^"\\\p{Cc}]|\\["\\]|\\u[0-9a-f]{4})*"$/u);
        expect(JSON.parse(literal)).toBe(text.toWellFormed());
      }),
    );
  });

  test('look for a text as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(new RegExp(`^${literalPattern(text)}$`).test(text)).toBe(true);
      }),
    );
    expect(new RegExp(literalPattern('a.b')).test('axb')).toBe(false);
  });
});

describe('the questions of traces', () => {
  test("are what Grafana's grammar understands, and the same to it whatever is asked for", () => {
    const shapes = traceQuestions('x').map((question) =>
      nodesOf(traceqlParser.parse(traceql(question))),
    );
    expect(shapes.flat()).not.toContain('ERROR');
    fc.assert(
      fc.property(fc.oneof(fc.constant(HOSTILE), fc.string({ unit: codePoint })), (text) => {
        const asked = traceQuestions(text).map((question) =>
          nodesOf(traceqlParser.parse(traceql(question))),
        );
        expect(asked).toEqual(shapes);
      }),
      { numRuns: 30 },
    );
  });

  test('are asked of Jaeger by parameters', () => {
    const window = { fromMs: 0, toMs: 1, limit: 20 };
    expect(traceQuestions('x').map((question) => traceSearch(question, window))).toEqual([
      { service: 'x', ...window },
      { service: 'x', operation: 'x', ...window },
      { service: 'x', attributes: { error: 'true' }, ...window },
      { service: 'x', minDurationMs: 200, ...window },
    ]);
  });
});
