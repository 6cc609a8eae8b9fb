import { describe, expect, test } from '@jest/globals';
import { parseConfiguration } from '../configuration.ts';
import { spiffe } from '../testing/world.ts';
import { ATTRIBUTES } from './names.ts';
import { isSampled } from './sampler.ts';
import { Tracing } from './tracing.ts';

const TRACES = 2_000;

const FOREIGN = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: 1,
  isRemote: true,
};

describe('the sampling of traces', () => {
  const tracing = (traceSamplePercent: number): Tracing =>
    new Tracing(
      parseConfiguration(
        JSON.stringify({
          ...{ service: 'shop', version: '1', instance: 'shop-a-0', zone: 'a' },
          ...{ environment: 'test', namespace: 'meridian', identityFolder: 'tls' },
          ...{ spiffeId: spiffe('shop'), traceSamplePercent },
        }),
        'service.json',
      ),
    );

  test.each([
    [0, 0, 0],
    [10, 130, 280],
    [100, TRACES, TRACES],
  ])('keeps %s of a hundred traces that begin here', (percent, least, most) => {
    const here = tracing(percent);
    const sampled = Array.from({ length: TRACES }, () =>
      isSampled(here.startSpan('x', 'internal', undefined).spanContext()),
    ).filter(Boolean).length;
    expect(sampled).toBeGreaterThanOrEqual(least);
    expect(sampled).toBeLessThanOrEqual(most);
  });

  test.each([
    [10, 0, 12],
    [100, 4, 45],
  ])('keeps few polls (of %s of a hundred traces)', (percent, least, most) => {
    const here = tracing(percent);
    const sampled = Array.from({ length: TRACES }, () =>
      isSampled(here.startPoll('x', 'client').spanContext()),
    ).filter(Boolean).length;
    expect(sampled).toBeGreaterThanOrEqual(least);
    expect(sampled).toBeLessThanOrEqual(most);
  });

  test('keeps looks at a database in the trace that they belong to, and none that are a trace by themselves', () => {
    const here = tracing(100);
    const look = { [ATTRIBUTES.dbSystemName]: 'postgresql' };
    const alone = here.startSpan('x', 'client', undefined, look).spanContext();
    const within = here.startSpan('x', 'client', FOREIGN, look).spanContext();
    expect([alone, within].map(isSampled)).toEqual([false, true]);
  });

  test.each([0, 1])('follows whatever was decided where a trace began (%s)', (traceFlags) => {
    const parent = { ...FOREIGN, traceFlags };
    const span = tracing(traceFlags === 1 ? 0 : 100)
      .startSpan('x', 'server', parent)
      .spanContext();
    expect(span.traceId).toBe(FOREIGN.traceId);
    expect(isSampled(span)).toBe(traceFlags === 1);
  });

  test.each([0, 1])(
    'of a consumer follows its producer, in a trace of its own (%s)',
    (traceFlags) => {
      const producer = { ...FOREIGN, traceFlags };
      const span = tracing(traceFlags === 1 ? 0 : 100)
        .startLinked('x', 'consumer', [producer])
        .spanContext();
      expect(span.traceId).not.toBe(FOREIGN.traceId);
      expect(isSampled(span)).toBe(traceFlags === 1);
    },
  );

  test('of a server does not obey a trace that somebody else began', () => {
    const span = tracing(0).startLinked('x', 'server', [FOREIGN]).spanContext();
    expect(span.traceId).not.toBe(FOREIGN.traceId);
    expect(isSampled(span)).toBe(false);
  });
});
