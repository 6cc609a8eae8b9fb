import { create, equals } from '@bufbuild/protobuf';
import type { DescMethod, Message } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  AuditService,
  GetTileResponseSchema,
} from '@meridian/audit/contract/gen/meridian/audit/v1/audit_pb.js';
import { httpRoutes } from '@meridian/components/model/http-route.ts';
import { decodeRequest } from '@meridian/gateway/transcode/decode-request.ts';
import { encodeResponse } from '@meridian/gateway/transcode/encode-response.ts';
import { buildRouteTable, findRoute } from '@meridian/gateway/transcode/route-table.ts';
import { validMessages } from '@meridian/kit/constraints/testing/arbitraries.ts';
import type { Edge, EdgeAnswer, EdgeRequest } from '../../shop/edge-client.ts';
import { auditApi } from './audit-api.ts';
import { credentialsOf } from './credentials.ts';

const routes = buildRouteTable([AuditService]);
const anybody = {
  token: () => Promise.resolve('token'),
  renewed: () => Promise.resolve(undefined),
};

/** The gateway's own transcoding before a handler. */
function edgeBefore(handle: (method: DescMethod, request: Message) => Message): Edge {
  return {
    ask({ method, path }: EdgeRequest): Promise<EdgeAnswer> {
      const [rawPath = '', query = ''] = path.split('?');
      const match = findRoute(routes, method, rawPath);
      if (match.kind !== 'found') throw new Error(`${path} is ${match.kind}`);
      const { binding, pathValues } = match;
      const request = decodeRequest(binding, { pathValues, query, body: '' });
      const answer = encodeResponse(binding, handle(binding.method, request));
      const body = JSON.parse(answer.body) as unknown;
      return Promise.resolve({ status: 200, headers: {}, body });
    },
  };
}

const methods = AuditService.methods.filter((method) => httpRoutes(method).length > 0);

test.each(methods.map((method) => [method.name, method] as const))(
  '%s says through the public API what it says inside, of every question and answer',
  async (_name, method) => {
    const property = fc.asyncProperty(
      validMessages(method.input),
      validMessages(method.output),
      async (question, answer) => {
        const seen: Message[] = [];
        const edge = edgeBefore((_method, request) => {
          seen.push(request);
          return answer;
        });
        const api = auditApi(edge, anybody) as unknown as Readonly<
          Record<string, (request: Message) => Promise<Message>>
        >;
        const told = await api[method.localName]?.(question);
        expect(seen).toEqual([question]);
        expect(told !== undefined && equals(method.output, told, answer)).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 20 });
  },
);

describe('what the public API answers otherwise', () => {
  const tile = { hashes: 'AAAA' };
  const refusedWith = (status: number, code = '', headers = {}): EdgeAnswer => ({
    ...{ status, headers, body: { code, detail: 'told so' } },
  });

  function asking(...answers: readonly EdgeAnswer[]) {
    const left = [...answers];
    const requests: EdgeRequest[] = [];
    const ask = (request: EdgeRequest): Promise<EdgeAnswer> => {
      requests.push(request);
      return Promise.resolve(left.shift() ?? { status: 200, headers: {}, body: tile });
    };
    return { requests, edge: { ask } };
  }

  test.each([
    ['NOT_FOUND', refusedWith(404, 'NOT_FOUND'), { status: 'NOT_FOUND', message: 'told so' }],
    ['OUT_OF_RANGE', refusedWith(400, 'OUT_OF_RANGE'), { status: 'OUT_OF_RANGE' }],
    ['that somebody may not ask', refusedWith(403), { code: 'AUDIT_API_REFUSED' }],
    ['what is none of its answers', refusedWith(418), { code: 'AUDIT_API_UNREACHABLE' }],
    ['nothing that is a token', refusedWith(401), { code: 'AUDIT_API_REFUSED' }],
  ])('is told as such: %s', async (_what, answer, expected) => {
    const { edge } = asking(answer);
    await expect(auditApi(edge, anybody).getTile({})).rejects.toMatchObject(expected);
  });

  test('is asked again where it passes', async () => {
    const { edge, requests } = asking(
      ...[{ status: undefined, broken: 'ECONNRESET' } as const, refusedWith(503)],
    );
    const told = await auditApi(edge, anybody).getTile({ level: 1, index: 7n });
    expect(told).toEqual(create(GetTileResponseSchema, { hashes: Buffer.alloc(3) }));
    expect(requests.map(({ path }) => path)).toEqual(Array(3).fill('/v1/audit/tiles/1/7'));
  });

  test('a token that has expired gives way to that of another session, of several calls once', async () => {
    process.env['MERIDIAN_PASSWORD'] = 'secret';
    let sessions = 0;
    const edge: Edge = {
      ask({ path, token, body }) {
        if (path !== '/v1/sessions') {
          return Promise.resolve(
            token === 'token-1' ? refusedWith(401) : { status: 200, headers: {}, body: tile },
          );
        }
        expect(body).toEqual({ email: 'a@b.example', password: 'secret' });
        sessions += 1;
        const tokens = { accessToken: `token-${sessions}` };
        return Promise.resolve({ status: 200, headers: {}, body: { tokens } });
      },
    };
    try {
      const api = auditApi(edge, credentialsOf(edge, { email: 'a@b.example' }));
      await Promise.all([api.getTile({}), api.getTile({})]);
      expect(sessions).toBe(2);
    } finally {
      delete process.env['MERIDIAN_PASSWORD'];
    }
  });

  test('without a token nothing is asked, and how to give one is said', () => {
    const { edge } = asking();
    expect(() => credentialsOf(edge, {})).toThrow(/^Option '--token': .*MERIDIAN_TOKEN/);
  });
});
