import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from '@jest/globals';
import { cacheFolder } from '../../tools/engines/cache.ts';

/** The pinned one, if it is built; `PROMTOOL` names another. */
export function findPromtool(): string | undefined {
  return (
    process.env['PROMTOOL'] ??
    globSync(`${cacheFolder()}/prometheus/*/**/promtool`).toSorted().at(-1)
  );
}

/** Tests that need promtool; skipped where it is not built. */
export function describeByPromtool(title: string, tests: () => void): void {
  if (findPromtool() === undefined) describe.skip(`${title} (promtool is not built here)`, tests);
  else describe(title, tests);
}

/** Series by their selector, as promtool writes values: '0+15x40' begins at 0 and grows by 15 forty times. */
export type Series = Readonly<Record<string, string>>;

/** What is asked at a moment, and what the answer must be: values by the labels of each. */
export interface Question {
  readonly at: string;
  readonly query: string;
  readonly answer: Readonly<Record<string, number>>;
}

/** Samples come every 15 seconds, as those that are scraped. */
export const INTERVAL_SECONDS = 15;

/** Lets promtool evaluate rule files; gives what it says, which is nothing of tests that pass. */
export function testRules(
  promtool: string,
  rules: readonly string[],
  series: Series,
  questions: readonly Question[],
): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-rules-'));
  try {
    const interval = `${INTERVAL_SECONDS}s`;
    const files = rules.map((_text, position) => `rules-${position}.yaml`);
    rules.forEach((text, position) =>
      writeFileSync(path.join(folder, files[position] ?? ''), text),
    );
    writeFileSync(
      path.join(folder, 'test.yaml'),
      JSON.stringify({
        rule_files: files,
        evaluation_interval: interval,
        tests: [
          {
            interval,
            input_series: Object.entries(series).map(([name, values]) => ({
              series: name,
              values,
            })),
            promql_expr_test: questions.map(({ at, query, answer }) => ({
              expr: query,
              eval_time: at,
              exp_samples: Object.entries(answer).map(([labels, value]) => ({ labels, value })),
            })),
          },
        ],
      }),
    );
    execFileSync(promtool, ['test', 'rules', 'test.yaml'], { cwd: folder, stdio: 'pipe' });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: Buffer; readonly stderr?: Buffer };
    if (stdout === undefined) throw error;
    return `${stdout.toString()}${stderr?.toString() ?? ''}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Holds a rule file against promtool's own check, lint included; gives what it says of one that fails. */
export function checkRules(promtool: string, rules: string): string {
  try {
    execFileSync(promtool, ['check', 'rules', '--lint-fatal'], { input: rules, stdio: 'pipe' });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: Buffer; readonly stderr?: Buffer };
    if (stdout === undefined) throw error;
    return `${stdout.toString()}${stderr?.toString() ?? ''}`;
  }
}
