import { expect, test } from '@jest/globals';
import { everybody, NO, YES } from '@meridian/language/access.ts';
import type { PlatformProps } from '../platform.ts';
import { samplePlatform, shelf, withService } from '../testing/sample-platform.ts';
import { accessProblems } from './access-problems.ts';
import { describeProblem } from './problem.ts';

const CASES: readonly (readonly [title: string, platform: PlatformProps, problem: string])[] = [
  [
    'a public method that no row says who may call',
    withService('shelf', { access: {} }),
    "Service 'shelf': access must have a row for each method with a google.api.http annotation, and so for 'listBooks', got none; set it in services/shelf/access.ts",
  ],
  [
    'a row for a method without a route',
    withService('shelf', { access: { ...shelf.access, importBooks: everybody(YES) } }),
    "Service 'shelf': access must have a row for each method with a google.api.http annotation ('listBooks'), and no other, got 'importBooks'; set it in services/shelf/access.ts",
  ],
  [
    'a role that may do less than whoever is not signed in',
    withService('shelf', { access: { listBooks: { ...everybody(YES), auditor: NO } } }),
    "Service 'shelf': method 'listBooks' must let in every role, as it lets in whoever is not signed in, got refusals for 'auditor'",
  ],
  [
    'refusals that tell which objects there are',
    withService('shelf', {
      access: {
        listBooks: {
          ...everybody({ another: YES, absent: 'NOT_FOUND' }),
          customer: { own: YES, another: NO, absent: 'NOT_FOUND' },
        },
      },
    }),
    "Service 'shelf': method 'listBooks' must refuse another's object and one that is absent alike, or its refusals tell which there are, got different refusals for 'customer'",
  ],
];

test.each(CASES)('%s is a problem', (_title, platform, problem) => {
  expect(accessProblems(platform).map(describeProblem)).toEqual([expect.stringContaining(problem)]);
});

test('a row for each method with a route is none', () => {
  expect(accessProblems(samplePlatform)).toEqual([]);
});
