import { beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import type { OpenMetricsContentType } from 'prom-client';
import { serverCallTimer } from '../rpc/rpc-metrics.ts';
import type { TimedCalls } from '../rpc/rpc-metrics.ts';
import { expose } from './exposition.ts';
import { METRICS } from './names.ts';
import { counter } from './registered.ts';
import type { MetricsRegistry } from './registered.ts';

const METHOD = 'meridian.kittest.v1.EchoService/Echo';
const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.4';

describe('the metrics of a process', () => {
  let registry: MetricsRegistry;
  let calls: TimedCalls;

  beforeEach(() => {
    registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    calls = serverCallTimer(registry);
    counter(registry, { name: METRICS.requestsShed, help: 'Requests refused' });
  });

  async function lines(accept?: string): Promise<readonly string[]> {
    return (await expose(registry, accept)).text.split('\n');
  }

  const span = (traceId: string, traceFlags: number) => ({
    traceId: traceId.padStart(32, '0'),
    spanId: '00f067aa0ba902b7',
    traceFlags,
  });

  test('are OpenMetrics for whoever accepts it, and else the text format of Prometheus', async () => {
    const open = await expose(registry, OPEN_METRICS);
    expect(open.contentType).toContain('application/openmetrics-text');
    expect(open.text).toContain('# TYPE requests_shed counter\nrequests_shed_total 0\n');
    expect(open.text.endsWith('\n# EOF\n')).toBe(true);
    for (const accept of [undefined, 'text/plain', '*/*']) {
      const { contentType, text } = await expose(registry, accept);
      expect(contentType).toContain('text/plain; version=0.0.4');
      expect(text).toContain('# TYPE requests_shed_total counter\nrequests_shed_total 0\n');
      expect(text).not.toContain('EOF');
    }
  });

  test('have exemplars of sampled spans, which those that are not sampled leave in place', async () => {
    calls.note(METHOD, 'OK', 0.12, { span: span('1', 1) });
    for (let count = 0; count < 100; count++)
      calls.note(METHOD, 'OK', 0.12, { span: span('2', 0) });
    calls.note(METHOD, 'OK', 0.3, { span: span('3', 0) });
    const buckets = (await lines(OPEN_METRICS)).filter((line) => line.includes('_bucket{le="0.'));
    const [with1, ...others] = buckets.filter((line) => line.includes(' # '));
    expect(others).toEqual([]);
    expect(with1).toMatch(
      /le="0.15".*\} 101 # \{trace_id="0{31}1",span_id="00f067aa0ba902b7"\} 0\.12 \d+/,
    );
    expect((await lines()).some((line) => line.includes(' # {'))).toBe(false);
  });

  test('have buckets of what went well; a failure has its last alone, with the newest exemplar', async () => {
    calls.note(METHOD, 'OK', 0.12);
    calls.note(METHOD, 'INTERNAL', 3, { span: span('4', 1) });
    calls.note(METHOD, 'INTERNAL', 0.003, { span: span('5', 1) });
    const series = await lines(OPEN_METRICS);
    const failed = series.filter((line) => line.includes('rpc_status_code="INTERNAL"'));
    expect(failed).toEqual([
      expect.stringMatching(/_bucket\{le="\+Inf".*\} 2 # \{trace_id="0{31}[45]"/),
      expect.stringMatching(/_sum\{.*\} 3\.003$/),
      expect.stringMatching(/_count\{.*\} 2$/),
    ]);
    expect(series.filter((line) => line.includes('rpc_status_code="OK"')).length).toBeGreaterThan(
      15,
    );
  });

  test('are there at 0 before anything happens, and stay when it has', async () => {
    calls.exists(METHOD, 'OK');
    calls.exists(METHOD, 'UNAVAILABLE');
    const count = (status: string, value: number): string =>
      `rpc_server_call_duration_seconds_count{rpc_system_name="grpc",rpc_method="${METHOD}",rpc_status_code="${status}"} ${value}`;
    expect(await lines()).toEqual(
      expect.arrayContaining([count('OK', 0), count('UNAVAILABLE', 0)]),
    );
    calls.note(METHOD, 'OK', 0.12);
    calls.exists(METHOD, 'OK');
    expect(await lines()).toContain(count('OK', 1));
  });
});
