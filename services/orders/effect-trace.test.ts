import { describe, expect, test } from '@jest/globals';
import { currentScope } from '@meridian/kit/call-scope.ts';
import { parseConfiguration } from '@meridian/kit/configuration.ts';
import { isSampled } from '@meridian/kit/telemetry/sampler.ts';
import { Tracing } from '@meridian/kit/telemetry/tracing.ts';
import type { TakenEffect } from './effect-store.ts';
import { inTraceOfEffect } from './effect-trace.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const tracing = (traceSamplePercent: number): Tracing =>
  new Tracing(
    parseConfiguration(
      JSON.stringify({
        ...{ service: 'orders', version: '1', instance: 'orders-a-0', zone: 'a' },
        ...{ environment: 'test', namespace: 'meridian', identityFolder: 'tls' },
        ...{ spiffeId: 'spiffe://meridian.local/ns/meridian/sa/orders', traceSamplePercent },
      }),
      'service.json',
    ),
  );

const effect = (traceparent: string | null): TakenEffect => ({
  ...{ orderId: 'o-1', sequence: 2, kind: 'CAPTURE_PAYMENT', key: 'o-1/2', attempts: 1 },
  ...{ minorUnits: 0n, currencyCode: 'EUR', totalMinorUnits: 100n },
  ...{ paymentMethodToken: undefined, lines: [], traceparent },
});

describe('what is done about an effect', () => {
  test.each([0, 1])('is a trace of its own, kept if the one it came from is (%s)', async (kept) => {
    const began: unknown[] = [];
    const own = tracing(kept === 1 ? 0 : 100);
    const told: Pick<Tracing, 'startLinked'> = {
      startLinked: (name, kind, from, attributes) => {
        began.push({ name, kind, from, attributes });
        return own.startLinked(name, kind, from, attributes);
      },
    };
    const scope = await inTraceOfEffect(told, effect(`00-${TRACE}-00f067aa0ba902b7-0${kept}`), () =>
      Promise.resolve(currentScope()),
    );
    expect(began).toEqual([
      {
        ...{ name: 'effect CAPTURE_PAYMENT', kind: 'consumer' },
        from: [expect.objectContaining({ traceId: TRACE, spanId: '00f067aa0ba902b7' })],
        attributes: { 'meridian.origin.trace_id': TRACE },
      },
    ]);
    if (scope?.span === undefined) throw new Error('It has no span');
    expect(scope.span.traceId).not.toBe(TRACE);
    expect(isSampled(scope.span)).toBe(kept === 1);
    expect(scope).toMatchObject({ deadlineMs: Infinity, cancelled: false });
  });

  test('has nowhere to point where it was decided in no trace', async () => {
    const scope = await inTraceOfEffect(tracing(100), effect(null), () =>
      Promise.resolve(currentScope()),
    );
    expect(scope?.span?.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  test('ends its span and hides nothing where it fails', async () => {
    const work = inTraceOfEffect(tracing(100), effect(null), () => Promise.reject(new Error('no')));
    await expect(work).rejects.toThrow('no');
  });
});
