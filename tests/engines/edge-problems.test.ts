import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { SECURITY_HEADERS } from '../../services/gateway/http/security-headers.ts';
import type { ProblemName } from '../../services/gateway/problem/catalogue.ts';
import {
  HttpProblem,
  problemBody,
  problemHeaders,
} from '../../services/gateway/problem/http-problem.ts';
import { sendRaw } from '../../services/gateway/testing/raw-client.ts';
import type { RawResponse } from '../../services/gateway/testing/raw-client.ts';
import { startEdge } from './envoy.ts';
import type { ThrowAwayEdge } from './envoy.ts';
import { GatewayStandIn } from './gateway-stand-in.ts';
import type { Serve } from './gateway-stand-in.ts';

/** What Envoy refuses or cannot do: a request, what it says of it in its log, and the problem. */
interface Provocation {
  readonly bytes: string;
  /** `response_code_details`; empty where another connection's line would be as good. */
  readonly details: string;
  readonly problem: ProblemName;
  /** The path that the problem repeats. @default none */
  readonly instance?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const HOST = 'Host: localhost\r\n';
const POST = (path: string): string =>
  `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 2\r\nConnection: close\r\n\r\n{}`;
const CLOSE = 'Connection: close\r\n';
const AGAIN = { 'retry-after': '1' };
const LONG = `/${'a'.repeat(300)}`;

const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  'bytes that are not HTTP': {
    bytes: 'hello\r\n\r\n',
    details: 'http1.codec_error',
    problem: 'malformed-request',
  },
  'no Host': {
    bytes: 'GET / HTTP/1.1\r\n\r\n',
    details: 'missing_host_header',
    problem: 'malformed-request',
  },
  'two Hosts': {
    bytes: `GET /v1?x=1 HTTP/1.1\r\n${HOST}Host: other\r\n\r\n`,
    details: 'direct_response',
    problem: 'malformed-request',
    instance: '/v1',
  },
  'the same Host twice': {
    bytes: `GET /v1 HTTP/1.1\r\n${HOST}${HOST}\r\n`,
    details: 'direct_response',
    problem: 'malformed-request',
    instance: '/v1',
  },
  'two Hosts and a path that is too long to be repeated': {
    bytes: `GET ${LONG} HTTP/1.1\r\n${HOST}Host: other\r\n\r\n`,
    details: 'direct_response',
    problem: 'malformed-request',
  },
  'two Hosts and a path that could name a third': {
    bytes: `GET //other/v1 HTTP/1.1\r\n${HOST}Host: other\r\n\r\n`,
    details: 'direct_response',
    problem: 'malformed-request',
  },
  'length and chunked': {
    bytes: `POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    details: 'http1.content_length_and_chunked_not_allowed',
    problem: 'malformed-request',
  },
  'a path with NUL': {
    bytes: `GET /%00 HTTP/1.1\r\n${HOST}\r\n`,
    details: 'path_normalization_failed',
    problem: 'malformed-request',
  },
  'HTTP/1.0': {
    bytes: `GET / HTTP/1.0\r\n${HOST}\r\n`,
    details: 'low_version',
    problem: 'malformed-request',
  },
  'another protocol': {
    bytes: `GET /v1 HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    details: 'upgrade_failed',
    problem: 'permission-denied',
    instance: '/v1',
  },
  'a path that is none': {
    bytes: `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`,
    details: 'absolute_path_rejected',
    problem: 'route-not-found',
  },
  'an unknown method': {
    bytes: `BREW /v1/things?x=1 HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    details: 'direct_response',
    problem: 'method-unknown',
    instance: '/v1/things',
  },
  'a method in lower case': {
    bytes: `get /v1 HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    details: 'direct_response',
    problem: 'method-unknown',
    instance: '/v1',
  },
  'a method that cannot be one': {
    bytes: `G@T /v1 HTTP/1.1\r\n${HOST}\r\n`,
    details: 'http1.codec_error',
    problem: 'malformed-request',
  },
  CONNECT: {
    bytes: `CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n`,
    details: 'route_not_found',
    problem: 'method-not-allowed',
    headers: { allow: '' },
  },
  'headers that never end': {
    bytes: `GET / HTTP/1.1\r\n${HOST}`,
    details: 'request_header_timeout',
    problem: 'request-timeout',
  },
  'a body that never ends': {
    bytes: `POST /read HTTP/1.1\r\n${HOST}Content-Length: 20\r\n\r\n{`,
    details: 'request_overall_timeout',
    problem: 'request-timeout',
    instance: '/read',
  },
  'large headers': {
    bytes: `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(70_000)}\r\n\r\n`,
    details: 'http1.headers_too_large',
    problem: 'headers-too-large',
  },
  'many headers': {
    bytes: `GET / HTTP/1.1\r\n${HOST}${'X: a\r\n'.repeat(120)}\r\n`,
    details: 'http1.too_many_headers',
    problem: 'headers-too-large',
  },
  'an unknown transfer coding': {
    bytes: `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip\r\n\r\n`,
    details: 'http1.invalid_transfer_encoding',
    problem: 'unimplemented',
  },
  'a gateway that does not speak HTTP': {
    bytes: POST('/garbage'),
    details: 'upstream_reset_before_response_started{protocol_error}',
    problem: 'unavailable',
    instance: '/garbage',
    headers: AGAIN,
  },
  'a gateway that goes away': {
    bytes: POST('/die'),
    details: 'upstream_reset_before_response_started{connection_termination}',
    problem: 'unavailable',
    instance: '/die',
    headers: AGAIN,
  },
  'a gateway that says nothing': {
    bytes: POST('/hang'),
    details: 'response_timeout',
    problem: 'deadline-exceeded',
    instance: '/hang',
    headers: AGAIN,
  },
};

const SERVE: Readonly<Record<string, Serve>> = {
  '/garbage': ({ socket }) => socket.end('garbage\r\n\r\n'),
  '/die': ({ socket }) => socket.destroy(),
  '/hang': () => undefined,
  '/read': (request, response) => request.resume().once('end', () => response.end('{}')),
};

describe('what the edge answers by itself has the form of the gateway’s problems', () => {
  let authority: TestAuthority;
  let gateway: GatewayStandIn;
  let edge: ThrowAwayEdge;
  let answers: ReadonlyMap<string, RawResponse>;

  beforeAll(async () => {
    authority = await TestAuthority.create();
    gateway = await GatewayStandIn.start(authority);
    gateway.serve = (request, response) =>
      (SERVE[request.url ?? ''] ?? (() => response.end('{}')))(request, response);
    edge = await startEdge(authority, [gateway.upstream], {
      request_headers_timeout: '0.5s',
      request_timeout: '1s',
      timeout: '1s',
    });
    // All at once: Envoy closes a connection that it refused a second after its answer.
    const found = Object.entries(PROVOCATIONS).map(async ([name, { bytes }]) => {
      return [name, await sendRaw(edge.user, [bytes])] as const;
    });
    answers = new Map(await Promise.all(found));
  });
  afterAll(async () => {
    await edge[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  test.each(Object.entries(PROVOCATIONS))(
    '%s',
    async (name, { problem, instance, ...expected }) => {
      const answer = answers.get(name);
      if (answer === undefined) throw new Error('every provocation is sent');
      expectProblem(answer, problem, instance, expected.headers);
      await eventually(() => expect(edge.log).toContain(`"details":"${expected.details}"`));
    },
  );

  test('an unknown method over HTTP/2', async () => {
    const { port, ca } = edge.user as { readonly port: number; readonly ca: Buffer };
    const client = connectHttp2(`https://127.0.0.1:${port}`, { ca });
    const [headers] = (await once(
      client.request({ ':method': 'BREW', ':path': '/v1' }),
      'response',
    )) as [Readonly<Record<string, unknown>>];
    client.destroy();
    expect([headers[':status'], headers['content-type']]).toEqual([
      501,
      'application/problem+json',
    ]);
  });

  test('its log has nothing that a client chose, however early a request ends', async () => {
    const odd = [
      'user-agent',
      'x-request-id',
      'traceparent',
      'x-forwarded-for',
      'referer',
      'cookie',
    ];
    const lines = odd.map((name) => `${name}: planted-5b2e\r\n`).join('');
    const before = edge.log.length;
    const requests = [
      `GET /v1/planted-5b2e?planted-5b2e HTTP/1.1\r\n${HOST}${CLOSE}${lines}\r\n`,
      `GET /v1/planted-5b2e HTTP/1.1\r\n${lines}\r\n`,
      `GET /%00planted-5b2e HTTP/1.1\r\n${HOST}${lines}\r\n`,
      `GET /v1/planted-5b2e HTTP/1.0\r\n${HOST}${lines}\r\n`,
      `PLANTED-5B2E / HTTP/1.1\r\n${HOST}${CLOSE}${lines}\r\n`,
      `GET / HTTP/1.1\r\nHost: planted-5b2e\r\nHost: x\r\n${CLOSE}${lines}\r\n`,
      `GET / HTTP/1.1\r\n${HOST}${lines}planted-5b2e\r\n\r\n`,
      `GET / HTTP/1.1\r\n${HOST}${lines}Upgrade: planted-5b2e\r\nConnection: Upgrade\r\n\r\n`,
    ];
    await Promise.all(requests.map((bytes) => sendRaw(edge.user, [bytes])));
    await eventually(() => {
      const written = edge.log
        .slice(before)
        .split('\n')
        .filter((line) => line.startsWith('{'));
      expect(written.length).toBeGreaterThanOrEqual(requests.length);
    });
    expect(edge.log).not.toMatch(/planted-5b2e/i);
  });

  test('a request without an id is given one, which the log leads back to', async () => {
    const id = answers.get('bytes that are not HTTP')?.headers['x-request-id'] ?? '';
    const [, micros = '', connection = ''] = /^edge-(\d+)-(\d+)$/.exec(id) ?? [];
    const time = new Date(Number(micros) / 1_000).toISOString();
    await eventually(() => {
      const lines = edge.log.split('\n').filter((line) => line.includes(`"time":"${time}"`));
      expect(lines.join()).toContain(`"connection":${connection},`);
    });
  });

  test('a body that can no longer be kept for another gateway', async () => {
    const lonely = await GatewayStandIn.start(authority);
    await using patient = await startEdge(authority, [lonely.upstream], {
      base_interval: '5s',
      max_interval: '5s',
    });
    await lonely[Symbol.asyncDispose]();
    const socket = connect({ ...patient.user, checkServerIdentity: () => undefined });
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    socket.write(`POST /v1 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${chunk}`);
    await eventually(async () => expect(await patient.stat('upstream_rq_retry$')).toBe(1));
    socket.write(chunk.repeat(8));
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(bytes.toString()).toMatch(/^HTTP\/1.1 503 [^]*\r\nretry-after: 1\r\n[^]*unavailable"/);
    await eventually(() =>
      expect(patient.log).toContain('request_payload_exceeded_retry_buffer_limit'),
    );
  });
});

/** As the gateway would have said it. */
function expectProblem(
  answer: RawResponse,
  name: ProblemName,
  instance = '',
  headers: Readonly<Record<string, string>> = {},
): void {
  const said = JSON.parse(answer.body) as Readonly<Record<string, unknown>>;
  const detail = String(said['detail']);
  const problem = new HttpProblem(name, { detail, headers });
  const requestId = answer.headers['x-request-id'] ?? '';
  expect(requestId).toMatch(/^[A-Za-z0-9-]{10,}$/);
  expect(said).toEqual(JSON.parse(problemBody(problem, requestId, instance)));
  expect(answer.status).toBe(problem.status);
  expect(answer.headers).toMatchObject({ ...SECURITY_HEADERS, ...problemHeaders(problem) });
}
