import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { traceIdOf } from '../testing/sample-span.ts';
import { Stores } from './stores.ts';

/** What a store answers, by path. */
let answers: Record<string, { readonly status?: number; readonly text: string }>;
/** What was asked, the newest last. */
let asked: URL[];
let server: Server;
let stores: Stores;

beforeEach(async () => {
  [answers, asked] = [{}, []];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://store');
    asked.push(url);
    const { status = 200, text } = answers[url.pathname] ?? { status: 404, text: '' };
    response.writeHead(status).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('unreachable');
  const address = { origin: `http://127.0.0.1:${bound.port}` };
  stores = new Stores({
    ...{ prometheus: address, alertmanager: address, victorialogs: address, jaeger: address },
  });
});

afterEach(async () => {
  await stores[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

const answer = (path: string, value: unknown): void => {
  answers[path] = { text: JSON.stringify(value) };
};

describe('what stores answer', () => {
  test('numbers of Prometheus, infinite ones and none among them', async () => {
    const result = ['1.5', '+Inf', '-Inf', 'NaN'].map((text) => ({
      metric: { a: text },
      value: [1, text],
    }));
    answer('/api/v1/query', { status: 'success', data: { resultType: 'vector', result } });
    const samples = await stores.prometheus.instant('up{a="b c&d"}', 1);
    expect(samples.map(({ value }) => value)).toEqual([1.5, Infinity, -Infinity, Number.NaN]);
    expect(asked[0]?.searchParams.get('query')).toBe('up{a="b c&d"}');
  });

  test('lines of logs, the oldest first, each field under its name', async () => {
    const line = (time: string) => ({
      ...{ _time: time, _msg: 'out of stock', 'service.name': 'catalog', severity_text: 'warn' },
      ...{ _stream: '{}', _stream_id: '0', severity_number: '13', trace_id: 't', route: '/v1' },
    });
    const times = ['2026-01-01T00:00:00.12Z', '2026-01-01T00:00:00Z'];
    answers['/select/logsql/query'] = {
      text: `${times.map((time) => JSON.stringify(line(time))).join('\n')}\n`,
    };
    const lines = await stores.victorialogs.lines('*', { limit: 10 });
    expect(lines.map(({ time }) => time)).toEqual([...times].toReversed());
    expect(lines[0]).toEqual({
      ...{ time: times[1], service: 'catalog', level: 'warn', message: 'out of stock' },
      ...{ traceId: 't', fields: { route: '/v1' } },
    });
  });

  test('a trace of Jaeger, with its parents apart from its links', async () => {
    const [own, other] = [traceIdOf(1), traceIdOf(2)];
    const reference = (refType: string, traceID: string) => ({ refType, traceID, spanID: 'b' });
    answer(`/api/traces/${own}`, {
      data: [
        {
          traceID: own,
          processes: {
            p1: {
              serviceName: 'audit',
              tags: [{ key: 'service.instance.id', value: 'audit-a-0' }],
            },
          },
          spans: [
            {
              ...{ traceID: own, spanID: 'a', operationName: 'process orders', processID: 'p1' },
              references: [reference('CHILD_OF', own), reference('FOLLOWS_FROM', other)],
              ...{ startTime: 1_500, duration: 250 },
              tags: [
                { key: 'span.kind', value: 'consumer' },
                { key: 'error', value: true },
              ],
            },
          ],
        },
      ],
    });
    expect(await stores.jaeger.trace(own)).toMatchObject([
      {
        ...{ parentSpanId: 'b', links: [{ traceId: other, spanId: 'b' }], kind: 'consumer' },
        ...{
          service: 'audit',
          instance: 'audit-a-0',
          startMs: 1.5,
          durationMs: 0.25,
          failed: true,
        },
      },
    ]);
    expect(await stores.jaeger.trace(other)).toEqual([]);
  });

  test('that are not what the API says are refused, with what was said', async () => {
    answers['/api/v2/alerts'] = { status: 500, text: 'out of memory' };
    await expect(stores.alertmanager.alerts()).rejects.toMatchObject({
      code: 'TELEMETRY_REFUSED',
      message: expect.stringContaining('status 500: out of memory'),
    });
    answer('/api/v2/alerts', [{ labels: 3 }]);
    await expect(stores.alertmanager.alerts()).rejects.toMatchObject({ code: 'TELEMETRY_REFUSED' });
  });

  test('that is away is told with its address', async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await expect(stores.prometheus.rules()).rejects.toMatchObject({
      code: 'TELEMETRY_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
