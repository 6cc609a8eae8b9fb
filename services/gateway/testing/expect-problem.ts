import { expect } from '@jest/globals';
import { PROBLEMS } from '../problem/catalogue.ts';
import type { ProblemName } from '../problem/catalogue.ts';
import type { RawResponse } from './raw-client.ts';

/** What every refusal is: problem details, whole and consistent, that tell nothing of us. */
export function expectProblem(answer: RawResponse, name?: ProblemName): void {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['cache-control']).toBe('no-store');
  const problem = JSON.parse(answer.body) as Record<string, unknown>;
  const kind = String(problem['type']).replace('https://meridian.example/problems/', '');
  expect(Object.keys(PROBLEMS)).toContain(kind);
  if (name !== undefined) expect(kind).toBe(name);
  const { status, title, code } = PROBLEMS[kind as ProblemName];
  expect(problem).toMatchObject({ status, title, code, requestId: answer.headers['x-request-id'] });
  expect(answer.status).toBe(status);
  // The one that its sender causes and RFC 9110, 15.6.2, counts among the server's.
  if (name !== 'method-unknown') expect(status).toBeLessThan(500);
  expect(problem['detail']).toMatch(/./);
  expect(answer.body).not.toMatch(/node_modules|\.ts\b|\bat [\w.]+ \(|FST_ERR|HPE_|undefined/);
  expect(answer.body.length).toBeLessThan(8_192);
}
