import { expect, test } from '@jest/globals';
import type { AlertDeclaration } from '../alert.ts';
import type { FreshnessObjective } from '../objectives.ts';
import type { PlatformProps } from '../platform.ts';
import { samplePlatform, shelf, withService } from '../testing/sample-platform.ts';
import { objectiveProblems } from './objective-problems.ts';
import { describeProblem } from './problem.ts';

const fresh = (age: FreshnessObjective['age']): FreshnessObjective => ({
  name: 'read',
  feels: 'Books are not read',
  age,
  withinSeconds: 30,
  percent: 99,
});

const alert = (change: Partial<AlertDeclaration>): AlertDeclaration => ({
  name: 'BooksLost',
  feels: 'Books are lost',
  metric: 'audit_gaps',
  minutes: 5,
  severity: 'ticket',
  runbook: 'books-lost',
  ...change,
});

const CASES: readonly (readonly [title: string, platform: PlatformProps, problem: string])[] = [
  [
    'an availability that nobody can promise',
    withService('shelf', { objectives: { ...shelf.objectives, availabilityPercent: 100 } }),
    "Service 'shelf': objectives.availabilityPercent must be 90 to 99.999, got 100",
  ],
  [
    'objectives that contradict each other',
    withService('shelf', {
      objectives: { ...shelf.objectives, latencyP95Ms: 300, latencyP99Ms: 200 },
    }),
    'objectives.latencyP95Ms must not exceed objectives.latencyP99Ms (200), got 300',
  ],
  [
    'a latency of nothing',
    withService('shelf', { objectives: { ...shelf.objectives, latencyP95Ms: 0 } }),
    'objectives.latencyP95Ms must be a bound of the histograms (5, 10, 15,',
  ],
  [
    'an objective of an operation that lies between two buckets',
    withService('shelf', {
      objectives: { ...shelf.objectives, operations: { listBooks: { latencyP99Ms: 210 } } },
    }),
    'objectives.operations.listBooks.latencyP99Ms must be a bound of the histograms (5, 10, 15,',
  ],
  [
    'an objective of an operation that the contract has not',
    withService('shelf', {
      objectives: { ...shelf.objectives, operations: { burnBooks: { latencyP99Ms: 500 } } },
    }),
    "objectives.operations must be methods of its contract ('listBooks', 'importBooks'), got 'burnBooks'",
  ],
  [
    'an objective of events that a service does not handle',
    withService('shelf', {
      objectives: { ...shelf.objectives, freshness: [fresh('consumer_lag_seconds')] },
    }),
    "objectives.freshness.read.age must be a metric that it emits, and this one is of those who consume or publish, got 'consumer_lag_seconds'",
  ],
  [
    'an objective of a metric that nothing emits',
    withService('shelf', {
      objectives: {
        ...shelf.objectives,
        freshness: [fresh('reading_lag_seconds' as 'audit_lag_seconds')],
      },
    }),
    "objectives.freshness.read.age must be a gauge of language/metrics.ts, got 'reading_lag_seconds'",
  ],
  [
    'an alert on a metric that nothing emits',
    withService('shelf', { alerts: [alert({ metric: 'books_lost' as 'audit_gaps' })] }),
    "alerts.BooksLost.metric must be a gauge or counter of language/metrics.ts, got 'books_lost'",
  ],
  [
    'an alert on a histogram',
    withService('shelf', {
      alerts: [alert({ metric: 'rpc_server_call_duration_seconds' as 'audit_gaps' })],
    }),
    'alerts.BooksLost.metric must be a gauge or counter of language/metrics.ts, got a histogram',
  ],
  [
    'an alert that has not the form of one',
    withService('shelf', { alerts: [alert({ name: 'books_lost' })] }),
    "names of alerts must be in CamelCase, got 'books_lost'",
  ],
  [
    'an alert of a name that another has',
    withService('shelf', { alerts: [alert({}), alert({})] }),
    "Alert 'BooksLost': names of alerts must be unique, got 2 of them",
  ],
  [
    'a service that nobody is on call for',
    withService('shelf', { owner: '' }),
    "Service 'shelf': owner must be a lower-case RFC 1123 label that starts with a letter, got ''",
  ],
];

test.each(CASES)('%s is refused', (_title, platform, problem) => {
  const problems = objectiveProblems(platform).map(describeProblem);
  expect(problems.filter((text) => text.includes(problem))).toHaveLength(1);
  for (const text of problems) expect(text).toMatch(/^[A-Z][a-z]+ '.*': .+, got .+; .+$/);
});

test('nothing is found in a valid platform', () => {
  expect(objectiveProblems(samplePlatform)).toEqual([]);
});
