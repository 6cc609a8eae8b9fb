import { expect, test } from '@jest/globals';
import { everybody, YES } from '@meridian/language/access.ts';
import { topic } from '@meridian/language/topic.ts';
import type { AlertDeclaration } from '../alert.ts';
import { external } from '../external.ts';
import type { PlatformProps } from '../platform.ts';
import { defineService } from '../service.ts';
import { postgres, redis } from '../store.ts';
import { defineTask } from '../task.ts';
import { door, filler, samplePlatform, shelf, withService } from '../testing/sample-platform.ts';
import { memberProblems } from './member-problems.ts';
import { nearestName } from './nearest-name.ts';
import { platformProblems } from './platform-problems.ts';

/** As a file has them whose types nobody checked. */
const unchecked = (members: Readonly<Record<string, unknown>>): object => members;

const SCALE = "'minReplicas', 'maxReplicas', 'targetCpuPercent', 'targetQueueDepth'";
const OPERATION = "'availabilityPercent', 'latencyP95Ms', 'latencyP99Ms'";

const CASES: readonly (readonly [title: string, platform: PlatformProps, problem: string])[] = [
  [
    'of a service',
    withService('shelf', unchecked({ sytemMethods: [] })),
    "'implemented', got 'sytemMethods'; did you mean 'systemMethods'? rename or remove it in services/shelf/service.ts",
  ],
  [
    'of a scale',
    withService('shelf', {
      scale: defineService({ ...shelf, scale: unchecked({ memoryMib: 64 }) }).scale,
    }),
    `Service 'shelf': members of scale must be among ${SCALE}, 'callsPerSecond', 'cpuMillicores', 'memoryMiB', 'heapMiB', got 'memoryMib'; did you mean 'memoryMiB'? rename or remove it in services/shelf/service.ts`,
  ],
  [
    'of limits, like no other',
    withService('shelf', { limits: { ...shelf.limits, ...unchecked({ colour: 'red' }) } }),
    "Service 'shelf': members of limits must be among 'concurrency', 'queueDepth', got 'colour'; rename or remove it",
  ],
  [
    'of a rate limit',
    withService('door', {
      rateLimits: {
        ...door.rateLimits,
        customer: { requests: 1, windowSeconds: 1, burst: 1, ...unchecked({ brust: 2 }) },
      },
    }),
    "members of rateLimits.customer must be among 'requests', 'windowSeconds', 'burst', got 'brust'; did you mean 'burst'?",
  ],
  [
    'of objectives',
    withService('shelf', { objectives: { ...shelf.objectives, ...unchecked({ freshnes: [] }) } }),
    "got 'freshnes'; did you mean 'freshness'?",
  ],
  [
    'of objectives of an operation',
    withService('shelf', {
      objectives: {
        ...shelf.objectives,
        operations: { listBooks: unchecked({ latencyP99: 1 }) },
      },
    }),
    `members of objectives.operations.listBooks must be among ${OPERATION}, got 'latencyP99'; did you mean 'latencyP99Ms'?`,
  ],
  [
    'of an alert',
    withService('shelf', { alerts: [unchecked({ minute: 5 }) as AlertDeclaration] }),
    "members of alerts.0 must be among 'name', 'feels', 'metric', 'above', 'minutes', 'severity', 'runbook', 'needsEvents', got 'minute'; did you mean 'minutes'?",
  ],
  [
    'of a row of access',
    withService('shelf', {
      access: { listBooks: { ...everybody(YES), ...unchecked({ suport: YES }) } },
    }),
    "members of access.listBooks must be among 'anonymous', 'customer', 'merchant', 'support', 'auditor', 'provided', got 'suport'; did you mean 'support'? rename or remove it in services/shelf/access.ts",
  ],
  [
    'of a cell of access',
    withService('shelf', {
      access: {
        listBooks: {
          ...everybody(YES),
          support: { another: YES, absent: YES, ...unchecked({ abset: YES }) },
        },
      },
    }),
    "members of access.listBooks.support must be among 'own', 'another', 'absent', got 'abset'; did you mean 'absent'?",
  ],
  [
    'of a database',
    withService('shelf', {
      stores: [
        postgres({
          ...{ name: 'shelf', migrations: 'services/shelf/migrations' },
          ...unchecked({ session: 500 }),
        }),
      ],
    }),
    "Store 'shelf': its members must be among 'name', 'implemented', 'migrations', 'appendOnly', 'sessions', 'keepDays', got 'session'; did you mean 'sessions'? rename or remove it in services/shelf/service.ts",
  ],
  [
    'of a store without migrations',
    withService('shelf', {
      stores: [redis({ name: 'shelf', ...unchecked({ migrations: 'services/shelf/migrations' }) })],
    }),
    "Store 'shelf': its members must be among 'name', 'implemented', got 'migrations'; rename or remove it",
  ],
  [
    'of a topic',
    withService('shelf', {
      publishes: [
        topic({
          ...{ name: 'shelf.events.v1', key: 'id', events: [] },
          ...unchecked({ replicaton: 1 }),
        }),
      ],
    }),
    "Topic 'shelf.events.v1': its members must be among 'name', 'key', 'events', 'partitions', 'replication', 'retentionDays', got 'replicaton'; did you mean 'replication'? rename or remove it in services/shelf/topics.ts",
  ],
  [
    'of what stands in for an external',
    withService('shelf', {
      externals: [
        external({
          ...{ name: 'bindery', summary: 'Binds' },
          standIn: { entry: 'services/shelf/bindery/main.ts', slot: 0, ...unchecked({ port: 1 }) },
        }),
      ],
    }),
    "External 'bindery': members of standIn must be among 'entry', 'slot', got 'port'",
  ],
  [
    'of a task',
    {
      ...samplePlatform,
      tasks: [defineTask({ ...filler, ...unchecked({ input: [] }) })],
    },
    "Task 'filler': its members must be among 'name', 'summary', 'calls', 'entry', 'inputs', got 'input'; did you mean 'inputs'? rename or remove it in services/shelf/filler/task.ts",
  ],
];

test.each(CASES)('refuses a member %s that nothing reads', (_title, platform, problem) => {
  expect(platformProblems(platform)).toEqual([expect.stringContaining(problem)]);
});

test('takes every member that there is', () => {
  expect(memberProblems(samplePlatform)).toEqual([]);
});

test.each([
  ['maxReplica', 'maxReplicas'],
  ['MAXREPLICAS', 'maxReplicas'],
  ['mnReplcas', 'minReplicas'],
  ['colour', undefined],
  ['', undefined],
])('%j is near to %j', (given, nearest) => {
  expect(nearestName(given, ['minReplicas', 'maxReplicas'])).toBe(nearest);
});
