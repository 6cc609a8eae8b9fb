import { describe, expect, test } from '@jest/globals';
import { PROBLEMS } from '../../services/gateway/problem/catalogue.ts';
import { EDGE_ANSWERS } from './edge-problems.ts';

describe('what the edge answers by itself', () => {
  test.each(EDGE_ANSWERS.map((answer) => [answer.status, answer.problem] as const))(
    'for %j is a kind of problem of the API',
    (_status, { name, status, code, title }) => {
      expect(PROBLEMS).toHaveProperty(name, { status, code, title });
    },
  );

  test('has no status left over, and says of none of the server’s that it is the client’s', () => {
    const last = EDGE_ANSWERS.slice(-2).map(({ status }) => status);
    expect(last).toEqual([{ from: 500 }, { from: 400 }]);
    for (const { status, problem } of EDGE_ANSWERS) {
      const given = typeof status === 'number' ? status : status.from;
      expect([given, problem.status >= 500]).toEqual([given, given >= 500]);
    }
  });

  test('says when to come again wherever that helps', () => {
    const passing = EDGE_ANSWERS.filter(({ problem }) => [503, 504].includes(problem.status));
    expect(passing.length).toBeGreaterThan(1);
    for (const { problem } of passing) expect(problem.headers).toHaveProperty('retry-after', '1');
  });
});
