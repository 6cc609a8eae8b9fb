import { createEmptyTestResult } from '@jest/test-result';
import type { AssertionResult, Test, TestResult } from '@jest/test-result';
import { formatResultsErrors } from 'jest-message-util';
import type { TestOutcome } from './suite-outcome.ts';
import type { SuiteRun } from './suite-process.ts';

type GlobalConfig = Parameters<typeof formatResultsErrors>[2];

/** What jest's reporters get to know of a run. */
export function testResultOf(test: Test, run: SuiteRun, globalConfig: GlobalConfig): TestResult {
  const { config } = test.context;
  const tests = run.outcome?.tests ?? [];
  const count = (status: TestOutcome['status']): number =>
    tests.filter((each) => each.status === status).length;
  const testResults = tests.map(assertionOf);
  const errors = run.outcome?.errors ?? [
    `The process of the suite ended with ${run.end} before its tests did.`,
  ];
  const ofTests = formatResultsErrors(testResults, config, globalConfig, test.path);
  const broken = [...errors, ...(tests.length === 0 && run.output !== '' ? [run.output] : [])];
  const ofSuite = errors.map((error) => `  ● Test suite failed to run\n\n${indented(error)}\n`);
  const messages = [...(ofTests === null ? [] : [ofTests]), ...ofSuite];
  const empty = createEmptyTestResult();
  const runtime = run.endedAt - run.startedAt;
  return {
    ...empty,
    failureMessage: messages.length === 0 ? null : messages.join('\n'),
    ...(config.displayName === undefined ? {} : { displayName: config.displayName }),
    ...(run.output === ''
      ? {}
      : { console: [{ message: run.output.trimEnd(), origin: '', type: 'log' as const }] }),
    numFailingTests: count('failed'),
    numPassingTests: count('passed'),
    numPendingTests: count('skipped'),
    numTodoTests: count('todo'),
    perfStats: {
      ...empty.perfStats,
      ...{ start: run.startedAt, end: run.endedAt, runtime },
      slow: runtime / 1000 > config.slowTestThreshold,
    },
    skipped: tests.length > 0 && count('skipped') === tests.length,
    ...(errors.length === 0 ? {} : { testExecError: { message: broken.join('\n'), stack: '' } }),
    testFilePath: test.path,
    testResults,
  };
}

function assertionOf({ path, status, ...test }: TestOutcome): AssertionResult {
  return {
    ancestorTitles: path.slice(0, -1),
    title: path.at(-1) ?? '',
    fullName: path.join(' '),
    status: status === 'skipped' ? 'pending' : status,
    failureMessages: [...test.errors],
    failureDetails: [],
    duration: test.durationMs,
    startAt: test.startedAt,
    numPassingAsserts: test.assertions,
    invocations: 1,
    location: null,
  };
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}
