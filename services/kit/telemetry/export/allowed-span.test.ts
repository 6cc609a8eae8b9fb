import { describe, expect, test } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { allowedSpan } from './allowed-span.ts';
import type { DroppedPart } from './allowed-span.ts';

const EMAIL = 'planted-7d21@example.com';

describe('a span on its way out', () => {
  /** A span as code could make it by mistake, with an address wherever there is room for one. */
  function careless(): ReadableSpan {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    });
    const span = provider.getTracer('test').startSpan(`GET /v1/accounts/${EMAIL}`, {
      attributes: {
        'enduser.id': EMAIL,
        'url.query': `email=${EMAIL}`,
        'db.query.text': `SELECT * FROM accounts WHERE email = '${EMAIL}'`,
        'client.address': '203.0.113.7',
        'http.route': `/v1/accounts/${EMAIL}`,
        'error.type': EMAIL,
        'rpc.method': 'meridian.identity.v1.IdentityService/SignIn',
        'http.response.status_code': 401,
        'db.namespace': [EMAIL],
      },
      links: [{ context: CONTEXT, attributes: { 'messaging.message.body': EMAIL } }],
    });
    span.addEvent(`refused ${EMAIL}`, { 'exception.message': EMAIL });
    span.recordException(new Error(EMAIL));
    span.setStatus({ code: SpanStatusCode.ERROR, message: `no account ${EMAIL}` });
    span.end();
    const [recorded] = exporter.getFinishedSpans();
    if (recorded === undefined) throw new Error('The span was not recorded');
    return recorded;
  }

  const CONTEXT = {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    traceFlags: 1,
  };

  test('has nothing in it that is of somebody, and what was dropped is counted', () => {
    const dropped: DroppedPart[] = [];
    const span = allowedSpan(careless(), (part) => dropped.push(part));
    const { name, status, attributes, events, links } = span;
    expect({ name, status, attributes, events, links }).toEqual({
      name: 'unnamed',
      status: { code: SpanStatusCode.ERROR },
      attributes: {
        'rpc.method': 'meridian.identity.v1.IdentityService/SignIn',
        'http.response.status_code': 401,
      },
      events: [],
      links: [{ context: CONTEXT }],
    });
    const all = JSON.stringify({ ...span, resource: undefined });
    expect(all).not.toMatch(/planted|203\.0\.113|SELECT/);
    expect(dropped.filter((part) => part === 'attribute')).toHaveLength(7);
    expect(new Set(dropped)).toEqual(new Set(['attribute', 'event', 'name', 'status']));
  });

  test.each([
    'GET /v1/products/{product_id}',
    'POST /v1/orders/{order_id}:cancel',
    'meridian.catalog.v1.CatalogService/GetProduct',
    'process orders.events.v1',
    'read product',
    '_OTHER',
  ])('keeps the name %s', (name) => {
    const span = { ...careless(), name, events: [], status: { code: SpanStatusCode.UNSET } };
    expect(allowedSpan(span, () => undefined).name).toBe(name);
  });
});
