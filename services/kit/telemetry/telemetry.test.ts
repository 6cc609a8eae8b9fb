import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Metadata } from '@grpc/grpc-js';
import { openClient } from '../clients.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld, spiffe } from '../testing/world.ts';
import { Tracing, formatTraceparent, readTraceparent } from './tracing.ts';

const { echo, once } = EchoService.method;
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('telemetry of a call', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await TestWorld.create();
  });
  afterAll(() => world.close());

  test('a log line of a handler carries who, where and which trace', async () => {
    const server = await world.serve({
      once: (_request, call) => {
        call.log.info({ order_id: 'A-1' }, 'looked up');
        return { text: '' };
      },
    });
    const { client } = await world.client([server.port]);
    const metadata = new Metadata();
    await client.unary(once, {}, { metadata });
    await eventually(() => {
      const [line] = server.lines.filter(({ message }) => message === 'looked up');
      const [access] = server.lines.filter(({ message }) => message === 'call served');
      expect(line).toMatchObject({
        level: 'info',
        service: 'echo',
        zone: 'b',
        instance: 'echo-b-0',
        version: '0.1.0',
        order_id: 'A-1',
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });
      expect(access).toMatchObject({
        rpc_method: 'meridian.kittest.v1.EchoService/Once',
        rpc_status_code: 'OK',
        peer: spiffe('caller'),
        duration_ms: expect.any(Number),
        trace_id: line?.['trace_id'],
        span_id: line?.['span_id'],
      });
    });
  });

  test('no log line has what a caller wrote, neither in a refusal nor in an error of PostgreSQL', async () => {
    const server = await world.serve({
      once: (_request, call) => {
        const detail = 'Failing row contains (planted-61c3@example.com).';
        call.log.warn(
          { err: Object.assign(new Error('refused'), { code: '23514', detail }) },
          'row',
        );
        const metadata = new Metadata();
        metadata.set('grpc-status-details-bin', Buffer.from('planted-61c3'));
        const errors = [new RpcError('NOT_FOUND', 'not there', { metadata })];
        call.log.warn({ err: new AggregateError(errors, 'all failed') }, 'peers');
        throw new RpcError('INVALID_ARGUMENT', "text must be short, got 'it's planted-61c3'");
      },
    });
    const { client } = await world.client([server.port]);
    await expect(client.unary(once, {})).rejects.toMatchObject({
      message: expect.stringContaining('planted-61c3'),
    });
    await eventually(() => {
      const lines = (text: string) => server.lines.filter(({ message }) => message === text);
      expect(lines('row')).toMatchObject([{ err: { message: 'refused', code: '23514' } }]);
      expect(lines('peers')).toMatchObject([
        { err: { message: 'all failed', errors: [{ message: 'not there', status: 'NOT_FOUND' }] } },
      ]);
      expect(lines('call served')).toMatchObject([{ reason: 'text must be short, got …' }]);
    });
    expect(JSON.stringify(server.lines)).not.toContain('planted-61c3');
    expect(JSON.stringify(server.lines)).not.toContain('metadata');
  });

  test('a trace goes through every service on the way', async () => {
    const back = await world.serve({}, { allow: { '*': [spiffe('echo')] } });
    const front = await world.serve({
      once: async ({ text }) => ({ text: (await nested.unary(echo, { text })).text }),
    });
    world.bind(front.folder, [back.port]);
    const nested = openClient(front.runtime, 'echo', EchoService);
    const { client } = await world.client([front.port]);
    await client.unary(once, { text: 'x' });
    const traceOf = (lines: readonly Record<string, unknown>[]): unknown =>
      lines.find(({ message }) => message === 'call served')?.['trace_id'];
    await eventually(() => {
      expect(traceOf(front.lines)).toBeDefined();
      expect(traceOf(back.lines)).toBe(traceOf(front.lines));
    });
  });

  test('spans are recorded with names of the conventions once there is where to send them', async () => {
    const exporter = new InMemorySpanExporter();
    const { runtime } = await world.start(await world.prepare('traced'));
    const tracing = new Tracing(runtime.configuration, [new SimpleSpanProcessor({ exporter })]);
    const parent = readTraceparent(`00-${TRACE_ID}-00f067aa0ba902b7-01`);
    const span = tracing.startSpan('catalog/GetProduct', 'server', parent);
    expect(formatTraceparent(span.spanContext())).toMatch(
      new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`),
    );
    span.end();
    const [recorded] = exporter.getFinishedSpans();
    expect(recorded?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(recorded?.resource.attributes).toMatchObject({
      'service.name': 'traced',
      'service.namespace': 'meridian',
      'service.version': '0.1.0',
      'service.instance.id': 'traced-b-0',
      'deployment.environment.name': 'test',
      'cloud.availability_zone': 'b',
    });
    await tracing.stop();
  });

  test.each([undefined, '', 'garbage', '00-00000000000000000000000000000000-00f067aa0ba902b7-01'])(
    'a malformed traceparent (%s) starts a new trace',
    (value) => {
      expect(readTraceparent(value)).toBeUndefined();
    },
  );

  test('metrics have the names and bounds that rules and dashboards rely on', async () => {
    const server = await world.serve();
    const process = await world.client([server.port]);
    await process.client.unary(echo, { text: 'x' });
    const labels =
      '{rpc_system_name="grpc",rpc_method="meridian.kittest.v1.EchoService/Echo",rpc_status_code="OK"}';
    const served = await eventually(async () => {
      const url = `http://127.0.0.1:${server.runtime.ops?.port ?? 0}/metrics`;
      const text = await (await fetch(url)).text();
      expect(text).toContain(`_count${labels} 1`);
      return text;
    });
    const bucket = (bound: string): string =>
      `rpc_server_call_duration_seconds_bucket{le="${bound}",${labels.slice(1)}`;
    expect(served).toContain(`${bucket('0.2')} `);
    expect(served).toContain(`${bucket('+Inf')} 1`);
    expect(served).toContain('\nrequest_queue_depth 0\n');
    expect(served).toContain('\nrequests_shed_total 0\n');
    expect(served).toMatch(/^target_info\{service_name="echo",.*cloud_availability_zone="b"\} 1$/m);
    expect(served).toMatch(/^tls_certificate_not_after_seconds\{folder="tls"\} \d+/m);
    const called = await process.runtime.metrics.registry.metrics();
    expect(called).toContain('rpc_client_call_duration_seconds_bucket{le="0.2"');
  });
});
