import { LOG_LINES } from '@meridian/language/log-lines.ts';
import type { Labels, LogLine, SpanKind, StoredSpan } from '../server/sources.ts';

/** Ids of what was generated. */
export const PURCHASE = {
  trace: '4bf92f3577b34da6a3ce929d0e0e4736',
  effect: 'a3ce929d0e0e47364bf92f3577b34da6',
  request: '01912f4a-7c1e-7a52-9a43-0b7c2f6d8e10',
  order: '01912f4a-7c22-7000-8000-0242ac120002',
} as const;

const RESERVED = {
  ...{ phase: 'authorizing', status: 'RESERVED' },
  ...{ asked: '2 AUTHORIZE_PAYMENT', settled: '1 RESERVE_STOCK ACTIVE' },
};

/** A name and a line that a page must show as they are, and a terminal must not get. */
export const HOSTILE = '<img src=x onerror="document.title=\'run\'">\u001b[2J\u202e';

/** A purchase whose authorization is slow, with what it caused behind Kafka; its beginning in milliseconds since 1970. */
export function generatedPurchase(startMs: number): {
  readonly spans: readonly StoredSpan[];
  readonly lines: readonly LogLine[];
} {
  const { trace, effect, request, order } = PURCHASE;
  const asked = spansOf(trace, startMs, [
    ['gateway', 'server', 'POST /v1/orders', 0, 520],
    ['gateway', 'client', 'OrderService/PlaceOrder', 4, 510, 0],
    ['orders', 'server', 'OrderService/PlaceOrder', 6, 505, 1],
    ['orders', 'client', 'CatalogService/ReserveStock', 10, 22, 2],
    ['catalog', 'server', 'CatalogService/ReserveStock', 12, 18, 3],
    ['catalog', 'client', 'reserve', 14, 12, 4],
    ['orders', 'client', 'PaymentService/AuthorizePayment', 40, 440, 2],
    ['payments', 'server', 'PaymentService/AuthorizePayment', 42, 435, 6],
    ['payments', 'client', 'authorize', 50, 420, 7],
    ['orders', 'client', 'insert order', 490, 9, 2],
  ]);
  const caused = spansOf(effect, startMs, [
    ['audit', 'consumer', 'orders.events.v1 process', 700, 40],
    ['audit', 'client', 'append entries', 705, 20, 0],
  ]);
  const [first, ...others] = caused;
  const link = { traceId: trace, spanId: asked[9]?.spanId ?? '' };
  const linked = first === undefined ? [] : [{ ...first, links: [link] }];
  const line = (service: string, afterMs: number, message: string, level = 'info'): LogLine => ({
    ...{ atMs: startMs + afterMs, service, instance: `${service}-a-0`, level, message },
    ...{ traceId: trace, fields: { request_id: request } },
  });
  const saga = (afterMs: number, told: Labels): LogLine => ({
    ...{ ...line('orders', afterMs, LOG_LINES.sagaWentOn), fields: { order_id: order, ...told } },
  });
  // Whoever seals works in no trace.
  const sealed = (afterMs: number, type: string, entry: number): LogLine => ({
    ...{ atMs: startMs + afterMs, service: 'audit', instance: 'audit-a-0', level: 'info' },
    message: LOG_LINES.eventSealed,
    fields: {
      ...{ event_id: `event-${entry}`, event_type: `meridian.orders.v1.${type}` },
      ...{ entry: String(entry), correlation_id: order },
    },
  });
  return {
    spans: [...asked, ...linked, ...others],
    lines: [
      saga(499, { phase: 'reserving', status: 'PENDING', asked: '1 RESERVE_STOCK' }),
      { ...saga(720, RESERVED), traceId: effect },
      sealed(730, 'OrderPlaced', 41),
      line('gateway', 519, 'request served'),
      line('orders', 500, 'call served'),
      line('payments', 470, `the provider answered slowly ${HOSTILE}`, 'warn'),
    ],
  };
}

/** Service, kind, name, begin and duration in milliseconds, and the position of its parent. */
type Row = readonly [string, SpanKind, string, number, number, number?];

function spansOf(traceId: string, startMs: number, rows: readonly Row[]): readonly StoredSpan[] {
  const idOf = (position: number) => (position + 1).toString(16).padStart(16, '0');
  return rows.map(([service, kind, name, afterMs, durationMs, parent], position) => ({
    ...{ traceId, spanId: idOf(position), service, instance: `${service}-a-0`, name, kind },
    ...(parent === undefined ? {} : { parentId: idOf(parent) }),
    ...{ startMs: startMs + afterMs, durationMs, attributes: {}, links: [] },
  }));
}

/** A trace of so many spans, in which each tenth begins a deeper level. */
export function generatedLongTrace(startMs: number, count: number): readonly StoredSpan[] {
  return spansOf(
    PURCHASE.trace,
    startMs,
    Array.from({ length: count }, (_, position): Row => {
      const kind = position % 2 === 0 ? 'server' : 'client';
      const name = `step ${position}`;
      if (position === 0) return ['search', kind, name, position, 20];
      return ['search', kind, name, position, 20, Math.floor((position - 1) / 10) * 10];
    }),
  );
}
