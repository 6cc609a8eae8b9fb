import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prometheusRuleGroups } from '@meridian/components/observability/rules/prometheus-rules.ts';
import type { PrometheusRuleGroup } from '@meridian/components/observability/rules/prometheus-rules.ts';
import { ruleFile } from '@meridian/components/observability/rules/rule-file.ts';
import type { PlatformRules } from '@meridian/components/observability/rules/rules.ts';
import type { MetricConsumer } from './metric-consumers.ts';
import { selectorOf } from './recorded-series.ts';
import type { ValuedSeries } from './recorded-series.ts';
import { fits } from './selections.ts';

/** What consumers are told, by their names: the answers of Prometheus as text; absent of those who are told nothing. */
export type Answers = ReadonlyMap<string, string>;

/** When it is asked, and how often rules are evaluated before: enough for windows and for `held for`. */
const AT = '10m';
const RULES_EVERY = '5m';

/** One question in what promtool prints of those whose answer is another than expected: here all, but empty ones. */
const ANSWER = /^ {4}expr: (".*"), time: \S+\n {8}exp: nil\n {8}got: (.*)$/gm;

/** Lets Prometheus' own evaluation answer what consumers ask about some series. */
export async function askPrometheus(
  promtool: string,
  rules: PlatformRules,
  consumers: readonly MetricConsumer[],
  series: readonly ValuedSeries[],
): Promise<Answers> {
  const queries = [...new Set(consumers.flatMap((consumer) => consumer.queries))];
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-sight-'));
  try {
    const groups = neededRules(rules, consumers);
    writeFileSync(path.join(folder, 'rules.yaml'), ruleFile(groups));
    const test = questions(queries, series, groups);
    writeFileSync(path.join(folder, 'test.yaml'), JSON.stringify(test));
    const answers = answersIn(await printed(promtool, folder));
    return new Map(
      consumers.flatMap(({ name, queries: own }) => {
        const told = own.flatMap((query) => answers.get(query) ?? []);
        return told.length === 0 ? [] : [[name, told.join('\n')]];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rules that consumers read, in the order in which they are evaluated. */
function neededRules(
  rules: PlatformRules,
  consumers: readonly MetricConsumer[],
): readonly PrometheusRuleGroup[] {
  const needed = new Set(consumers.flatMap((consumer) => consumer.rules));
  const groups = rules.groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => needed.has(rule)),
  }));
  return prometheusRuleGroups({ groups, alerts: [] })
    .slice(0, groups.length)
    .filter((group) => group.rules.length > 0)
    .map((group) => ({ ...group, interval: RULES_EVERY }));
}

function questions(
  queries: readonly string[],
  series: readonly ValuedSeries[],
  groups: readonly PrometheusRuleGroup[],
): object {
  return {
    rule_files: ['rules.yaml'],
    // Any other order would read what was recorded five minutes before.
    group_eval_order: groups.map(({ name }) => name),
    evaluation_interval: RULES_EVERY,
    tests: [
      {
        interval: '15s',
        input_series: series.map((each) => ({ series: selectorOf(each), values: each.values })),
        promql_expr_test: queries.map((expr) => ({ expr, eval_time: AT, exp_samples: [] })),
      },
    ],
  };
}

async function printed(promtool: string, folder: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(promtool, ['test', 'rules', 'test.yaml'], options, (error, stdout, stderr) => {
      const text = `${stdout}${stderr}`;
      // It fails wherever there is an answer at all.
      if (error !== null && !text.includes('FAILED:')) reject(new Error(text, { cause: error }));
      else resolve(text);
    });
  });
}

/** Answers by their question; the numbers of two evaluations are the same to the last digit. */
function answersIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(ANSWER)].map(([, quoted = '', got = '']) => [unquoted(quoted), got]),
  );
}

/** A text as Go's %q writes it: but for what it escapes by number, as JSON does. */
function unquoted(text: string): string {
  return JSON.parse(text) as string;
}

/** Only series that some consumers may read: all others change no answer. */
export function seriesFor(
  consumers: readonly MetricConsumer[],
  series: readonly ValuedSeries[],
): readonly ValuedSeries[] {
  const bounds = Map.groupBy(
    consumers.flatMap(({ rules, needs }) => [
      ...needs,
      ...rules.flatMap(({ query }) => query.selections),
    ]),
    ({ metric, suffix }) => `${metric}${suffix}`,
  );
  return series.filter(({ name, labels }) => {
    const selections = bounds.get(name);
    const { le } = labels;
    if (selections === undefined) return false;
    // A quantile reads every bound.
    return (
      le === undefined ||
      selections.some(({ matchers: { le: wanted } }) => wanted === undefined || fits(wanted, le))
    );
  });
}
