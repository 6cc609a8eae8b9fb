import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fuzz } from './fuzzer.ts';
import { judge } from './judge.ts';

const STATE = 'https://meridian.example/problems/not-found';

/** An operation that takes a number, and says that 404 tells of what is not there. */
function operation(operationId: string) {
  const problem = (status: number, type: string) => ({
    description: '',
    content: {
      'application/problem+json': {
        schema: {
          type: 'object',
          properties: { type: { enum: [type] }, status: { const: status } },
        },
      },
    },
  });
  return {
    get: {
      operationId,
      parameters: [{ name: 'n', in: 'query', required: true, schema: { type: 'integer' } }],
      responses: {
        200: { description: '', content: { 'application/json': { schema: { type: 'object' } } } },
        400: problem(400, 'https://meridian.example/problems/invalid-argument'),
        404: problem(404, STATE),
      },
      'x-refused-by-state': [STATE],
    },
  };
}

const document = {
  openapi: '3.1.0',
  info: { title: 'An API that breaks its word', version: '1' },
  paths: {
    '/sound': operation('sound'),
    '/absent': operation('absent'),
    '/fails': operation('fails'),
    '/teapot': operation('teapot'),
    '/plain': operation('plain'),
    '/picky': operation('picky'),
    '/lax': operation('lax'),
    '/other': operation('other'),
  },
};

function refuse(answer: ServerResponse, status: number, name: string): void {
  answer.writeHead(status, { 'content-type': 'application/problem+json' });
  answer.end(JSON.stringify({ type: `https://meridian.example/problems/${name}`, status }));
}

/** How each operation answers what fits; all but /lax refuse what does not. */
const ANSWERS: Readonly<Record<string, (answer: ServerResponse) => void>> = {
  '/absent': (answer) => refuse(answer, 404, 'not-found'),
  '/fails': (answer) => refuse(answer, 500, 'internal'),
  '/teapot': (answer) => refuse(answer, 418, 'not-found'),
  '/plain': (answer) => answer.writeHead(404, { 'content-type': 'text/plain' }).end('No'),
  '/picky': (answer) => refuse(answer, 400, 'invalid-argument'),
  '/other': (answer) => refuse(answer, 404, 'gone'),
};

/** Of an API that does these wrongs on purpose. */
let api: Server;

beforeAll(async () => {
  api = createServer((request, answer) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const json = { 'content-type': 'application/json' };
    if (pathname === '/openapi.json') {
      answer.writeHead(200, json).end(JSON.stringify(document));
    } else if (pathname !== '/lax' && !/^-?\d+(\.0+)?$/.test(searchParams.get('n') ?? '')) {
      refuse(answer, 400, 'invalid-argument');
    } else {
      const own = ANSWERS[pathname];
      if (own === undefined) answer.writeHead(200, json).end('{}');
      else own(answer);
    }
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  api.close();
});

test('each wrong of an API is found, and none in one that keeps its word', async () => {
  const origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const report = await fuzz({ origin, examples: 6, leftOut: [] });
  const found = judge(document, report, { role: undefined, leftOut: [] });
  const about = (path: string) => found.filter((finding) => finding.startsWith(`GET ${path},`));
  expect([...about('/sound'), ...about('/absent')]).toEqual([]);
  for (const [path, wrong] of [
    ['/fails', /as the document has it: 500 .*internal: must never fail/],
    ['/teapot', /status_code_conformance: .*418/],
    ['/plain', /404 text\/plain: must be a problem document/],
    [
      '/picky',
      /400 .*invalid-argument: fits the document, so it may be refused only for a state: .*not-found/,
    ],
    ['/lax', /asked with .*: negative_data_rejection/],
    ['/other', /response_schema_conformance/],
  ] as const) {
    expect([path, about(path).filter((finding) => wrong.test(finding))]).toEqual([
      path,
      expect.arrayContaining([expect.stringMatching(/again: curl .*-X GET .*\/\w+\?/)]),
    ]);
  }
  // An operation that the fuzzer left out is told of too.
  const more = { ...document, paths: { ...document.paths, '/new': operation('new') } };
  const silent = 'The fuzzer never asked GET /new';
  expect(judge(more, report, { role: undefined, leftOut: [] })).toContain(silent);
  expect(judge(more, report, { role: undefined, leftOut: ['new'] })).not.toContain(silent);
}, 600_000);
