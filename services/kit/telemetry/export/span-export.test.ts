import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { TestCollector } from '../../testing/collector.ts';
import { writeBinding } from '../../testing/bindings.ts';
import { eventually } from '../../testing/eventually.ts';
import { writeIdentity } from '../../testing/authority.ts';
import { MainProcess } from '../../testing/main-process.ts';
import { TestWorld, spiffe } from '../../testing/world.ts';
import type { TestProcess } from '../../testing/world.ts';
import { endSpan } from '../tracing.ts';

describe('spans of a process', () => {
  let world: TestWorld;
  const collectors: TestCollector[] = [];

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(async () => {
    await world.close();
    for (const collector of collectors.splice(0)) collector.close();
  });

  async function collect(port = 0, name = 'collector'): Promise<TestCollector> {
    const collector = await TestCollector.listen(world.folder, world.authority, port, name);
    collectors.push(collector);
    return collector;
  }

  /** A process that knows of a collector at that port, or of none. */
  async function start(port?: number): Promise<TestProcess> {
    const folder = await world.prepare('traced');
    bind(folder, port);
    return await world.start(folder);
  }

  function bind(folder: string, port: number | undefined): void {
    const list = join(folder, 'bindings/telemetry/addresses');
    writeBinding(folder, 'telemetry', {
      type: 'otlp',
      provider: 'meridian',
      uri: 'addresses:telemetry/addresses',
      'spiffe-id': spiffe('collector'),
    });
    writeFileSync(`${list}.new`, port === undefined ? '' : `127.0.0.1:${port}\n`);
    renameSync(`${list}.new`, list);
  }

  function spanOf({ runtime }: TestProcess, name: string): void {
    endSpan(runtime.tracing.startSpan(name, 'internal', undefined));
  }

  async function exported({ runtime }: TestProcess, why: string): Promise<number> {
    const text = await runtime.metrics.registry.metrics();
    const line = `otel_sdk_exporter_span_exported_total{error_type="${why}"} `;
    return Number(
      text
        .split('\n')
        .find((each) => each.startsWith(line))
        ?.slice(line.length),
    );
  }

  /** Makes spans of a name until one has come. */
  async function arrives(process: TestProcess, collector: TestCollector, name: string) {
    await eventually(() => {
      spanOf(process, name);
      expect(collector.text).toContain(name);
    });
  }

  test('go nowhere without a collector, and to it when an address appears', async () => {
    const process = await start();
    spanOf(process, 'before');
    expect(await exported(process, '')).toBe(0);
    const collector = await collect();
    bind(process.folder, collector.port);
    await arrives(process, collector, 'after');
    expect(collector.text).not.toContain('before');
    expect(collector.text).toContain('traced-b-0');
    await eventually(async () => expect(await exported(process, '')).toBeGreaterThan(0));
    expect(trace.getTracerProvider().getTracer('x').startSpan('x').isRecording()).toBe(false);
  });

  test('are dropped and counted once the address is gone, and sent again with the next', async () => {
    const first = await collect();
    const process = await start(first.port);
    await arrives(process, first, 'to-the-first');
    bind(process.folder, undefined);
    await eventually(async () => {
      spanOf(process, 'to-nobody');
      expect(await exported(process, 'no_collector')).toBeGreaterThan(0);
    });
    spanOf(process, 'dropped');
    const second = await collect();
    bind(process.folder, second.port);
    await arrives(process, second, 'to-the-second');
    expect(`${first.text}${second.text}`.includes('dropped')).toBe(false);
  });

  test('wait for a collector that is away, as many as there is room for', async () => {
    const first = await collect();
    const process = await start(first.port);
    await arrives(process, first, 'first');
    first.close();
    for (let count = 0; count < 3_000; count++) spanOf(process, `kept-${count}`);
    expect(await exported(process, 'queue_full')).toBeGreaterThan(400);
    const again = await collect(first.port);
    await eventually(() => expect(again.text).toContain('kept-2000'), 20_000);
    expect(again.text).toContain('kept-0');
    expect(again.text).not.toContain('kept-2999');
    expect(await exported(process, 'unreachable')).toBe(0);
    const said = () =>
      process.lines.filter(({ message }) => String(message).includes('collector')).length;
    // That it is there again is said once it has answered.
    await eventually(() => expect(said()).toBeGreaterThan(1));
    expect(said()).toBeLessThan(5);
  });

  test('that the collector refuses are gone and counted', async () => {
    const collector = await collect();
    collector.refuse();
    const process = await start(collector.port);
    await eventually(async () => {
      spanOf(process, 'refused');
      expect(await exported(process, 'refused')).toBeGreaterThan(0);
    });
  });

  test('are for the collector alone: another who listens at its address gets none', async () => {
    const impostor = await collect(0, 'impostor');
    const process = await start(impostor.port);
    await eventually(() => {
      spanOf(process, 'secret');
      expect(process.lines).toContainEqual(
        expect.objectContaining({ message: expect.stringContaining('do not reach the collector') }),
      );
    });
    expect(impostor.text).toBe('');
  });

  test('go on when the certificate is renewed and the old one has expired', async () => {
    const lifetimeMs = 4_000;
    const folder = await world.prepare(
      'traced',
      {},
      await world.authority.issue({ uris: [spiffe('traced')], lifetimeMs }),
    );
    const first = await collect();
    bind(folder, first.port);
    const process = await world.start(folder);
    const expiresMs = Date.now() + lifetimeMs;
    await arrives(process, first, 'first');
    writeIdentity(join(folder, 'tls'), await world.authority.issue({ uris: [spiffe('traced')] }));
    first.close();
    await eventually(() => expect(Date.now()).toBeGreaterThan(expiresMs));
    const second = await collect(first.port);
    await arrives(process, second, 'renewed');
  });

  test('come from a process of its own too, before it ends', async () => {
    const collector = await collect();
    const folder = await world.prepare('echo', {
      listen: { address: '127.0.0.1', port: 0 },
      allow: { '*': [spiffe('caller')] },
    });
    bind(folder, collector.port);
    const main = new MainProcess(new URL('../../testing/echo-main.ts', import.meta.url), folder);
    try {
      const port = await eventually(() => {
        const [, found] = /"port":(\d+),"message":"serving"/.exec(main.output) ?? [];
        expect(found).toBeDefined();
        return Number(found);
      });
      const { client } = await world.client([port]);
      const { EchoService } = await import('../../testing/gen/meridian/kittest/v1/echo_pb.js');
      await eventually(async () => {
        await client.unary(EchoService.method.once, { text: 'payload-of-a-customer' });
        expect(collector.text).toContain('meridian.kittest.v1.EchoService/Once');
      });
      await client.unary(EchoService.method.echo, { text: 'x' });
    } finally {
      await main.stop();
    }
    expect(collector.text).toContain('meridian.kittest.v1.EchoService/Echo');
    expect(collector.text).not.toContain('payload-of-a-customer');
    expect(main.output).not.toContain('"level":"error"');
  });
});
