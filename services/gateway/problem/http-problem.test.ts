import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PROBLEMS } from './catalogue.ts';
import { HttpProblem, problemBody } from './http-problem.ts';

function body(path: string): Record<string, unknown> {
  const problem = new HttpProblem('not-found', { detail: 'No such thing.' });
  return JSON.parse(problemBody(problem, 'id-1', path)) as Record<string, unknown>;
}

describe('a problem', () => {
  test('has the members of RFC 9457, and ours', () => {
    expect(body('/v1/things/a%20b')).toEqual({
      type: 'https://meridian.example/problems/not-found',
      title: 'The resource does not exist',
      status: 404,
      detail: 'No such thing.',
      instance: '/v1/things/a%20b',
      code: 'NOT_FOUND',
      requestId: 'id-1',
    });
  });

  test.each(['', '*', 'http://x/', '//x/y', '/a b', '/<script>', '/%zz', `/${'a'.repeat(300)}`])(
    'leaves %.20j out, which is not a reference to itself',
    (path) => {
      expect(body(path)).not.toHaveProperty('instance');
    },
  );

  test('is listed in README.md, every kind and no other', async () => {
    const text = await readFile(join(import.meta.dirname, 'README.md'), 'utf8');
    const listed = [...text.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\| `([A-Z_]+)`/gm)].map(
      ([, name, status, code]) => [name, Number(status), code],
    );
    const known = Object.entries(PROBLEMS).map(([name, { status, code }]) => [name, status, code]);
    expect(listed).toEqual(known);
  });
});
