import { expect, test } from '@jest/globals';
import { postgres } from '../store.ts';
import { withService } from '../testing/sample-platform.ts';
import { platformProblems } from './platform-problems.ts';

test('sessions that leave no connections are what is blamed, and not the replicas that have them', () => {
  const stores = [
    postgres({ name: 'shelf', migrations: 'services/shelf/migrations', sessions: 500 }),
  ];
  expect(platformProblems(withService('shelf', { stores }))).toEqual([
    "Store 'shelf': sessions must leave 2 connections to PostgreSQL for the requests of each process, when all services share 960 at their most replicas and twice during a release, got 500; set it in services/shelf/service.ts",
  ]);
});
