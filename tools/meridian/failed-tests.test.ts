import { expect, test } from '@jest/globals';
import { failedTests } from './failed-tests.ts';

const passed = { status: 'passed', fullName: 'a thing works' };
const failureMessages = [
  '\u001b[31mError: expected 1,\n    got 2\u001b[39m\n    at thing (/home/somebody/thing.ts:1:2)',
];
const failed = { status: 'failed', fullName: 'a thing counts', failureMessages };
const suite = { name: '/program/a.test.ts', status: 'passed', message: '' };

test('each failed test is named, with the beginning of why it failed in one line', () => {
  const suites = [
    { ...suite, assertionResults: [passed] },
    { ...suite, status: 'failed', assertionResults: [passed, failed, failed] },
  ];
  const line = 'a.test.ts: a thing counts: Error: expected 1, got 2';
  expect(failedTests(suites, '/program')).toEqual([line, line]);
});

test('a suite that failed outside of its tests is named once', () => {
  const message = `  ● Test suite failed to run\n\n    ${'long '.repeat(100)}`;
  const broken = { ...suite, status: 'failed', message, assertionResults: [passed] };
  expect(failedTests([broken], '/program')).toEqual([
    expect.stringMatching(/^a\.test\.ts: ● Test suite failed to run long (long )+l?o?n?g? ?…$/),
  ]);
});
