import { expect, test } from '@jest/globals';
import type { EdgeAnswer, EdgeRequest } from './edge-client.ts';
import { register } from './shoppers.ts';

/** What the edge makes of registrations: a key has its first answer again, and an address one account. */
function edgeWithKeys(): { ask(request: EdgeRequest): Promise<EdgeAnswer> } {
  const answers = new Map<string, number>();
  const emails = new Set<string>();
  return {
    ask: ({ headers = {}, body }) => {
      const key = headers['idempotency-key'] ?? '';
      const { email } = body as { readonly email: string };
      const status = answers.get(key) ?? (emails.has(email) ? 409 : 201);
      answers.set(key, status);
      emails.add(email);
      return Promise.resolve({ status, headers: {}, body: {} });
    },
  };
}

test('an account that an earlier run has opened is there, and a repetition within a run opens it still', async () => {
  const edge = edgeWithKeys();
  const person = { email: 'shopper-0001@meridian.local', password: 'p' };
  const runs = ['first', 'first', 'second'];
  const outcomes: unknown[] = [];
  for (const run of runs) outcomes.push(await register(edge, person, run));
  expect(outcomes).toEqual(['created', 'created', 'there']);
  // By itself this run has keys of its own.
  expect(await register(edge, person)).toBe('there');
});
