import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { RETENTION_DAYS } from '../defaults.ts';
import { telemetryListen } from '../local-places.ts';
import type { Listen } from '../local-places.ts';
import { hostPort, plainReadiness, telemetryProcess } from './telemetry-process.ts';
import { servingTls } from './telemetry-tls.ts';

/** The traces of the platform, in the place of Tempo (ADR 70). */
export function jaegerProcess(context: LoweringContext): ProcessSpec {
  const { settings } = context;
  const listens = {
    otlp: telemetryListen(settings, 'jaeger', 'otlp'),
    query: telemetryListen(settings, 'jaeger', 'query'),
    'query-grpc': telemetryListen(settings, 'jaeger', 'query-grpc'),
    health: telemetryListen(settings, 'jaeger', 'health'),
  };
  return telemetryProcess(context, {
    part: 'jaeger',
    engine: 'jaeger',
    executable: 'jaeger',
    arguments: ['--config', '${self}/jaeger.json'],
    files: { 'jaeger.json': canonicalJson(jaegerConfiguration(listens)) },
    listens,
    // Badger keeps up to 256 MiB of blocks that were read, and tables of 64 MiB that are not yet written.
    memoryMib: 512,
    readiness: plainReadiness(listens.health, '/status'),
  });
}

/** Source: Jaeger 1.76 (2.x), cmd/jaeger/config-badger.yaml. */
function jaegerConfiguration(
  listens: Readonly<Record<'otlp' | 'query' | 'query-grpc' | 'health', Listen>>,
): object {
  const tls = servingTls();
  return {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
      pipelines: {
        traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] },
      },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: hostPort(listens.health) } },
      jaeger_query: {
        storage: { traces: 'store' },
        http: { endpoint: hostPort(listens.query), tls },
        grpc: { endpoint: hostPort(listens['query-grpc']), tls },
      },
      jaeger_storage: { backends: { store: { badger: badger() } } },
    },
    receivers: { otlp: { protocols: { grpc: { endpoint: hostPort(listens.otlp), tls } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'store' } },
  };
}

/** It knows no limit of size. */
function badger(): object {
  return {
    directories: { keys: '${data:json}/keys', values: '${data:json}/values' },
    ephemeral: false,
    ttl: { spans: `${24 * RETENTION_DAYS.traces}h` },
  };
}
