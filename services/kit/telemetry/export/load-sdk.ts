import { registerHooks } from 'node:module';
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import type { NodeSDK } from '@opentelemetry/sdk-node';

/** What spans are sent with. */
export interface Sdk {
  readonly NodeSDK: typeof NodeSDK;
  readonly OTLPTraceExporter: typeof OTLPTraceExporter;
}

/** Loads NodeSDK, the exporter of spans over OTLP/gRPC, and all that comes with them. */
export async function loadSdk(): Promise<Sdk> {
  const [sdk, exporter] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-grpc'),
  ]);
  return { NodeSDK: sdk.NodeSDK, OTLPTraceExporter: exporter.OTLPTraceExporter };
}

/**
 * What sdk-node loads for whoever configures it by environment variables: exporters of metrics and logs, of spans
 * by other protocols, instrumentation, and its start from a file.
 */
const UNUSED: ReadonlySet<string> = new Set([
  './start.mjs',
  '@opentelemetry/exporter-logs-otlp-grpc',
  '@opentelemetry/exporter-logs-otlp-http',
  '@opentelemetry/exporter-logs-otlp-proto',
  '@opentelemetry/exporter-metrics-otlp-grpc',
  '@opentelemetry/exporter-metrics-otlp-http',
  '@opentelemetry/exporter-metrics-otlp-proto',
  '@opentelemetry/exporter-prometheus',
  '@opentelemetry/exporter-trace-otlp-grpc',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/exporter-zipkin',
  '@opentelemetry/instrumentation',
  '@opentelemetry/propagator-b3',
]);

const SDK_NODE = '/node_modules/@opentelemetry/sdk-node/dist/';
const UNUSED_PARTS = new URL('./unused-parts.ts', import.meta.url).href;

/**
 * The same without what the kit never uses of it, which takes four times as much of memory and of time as the
 * rest (ADR 74). For the main file of a process: the hooks that leave it out are the whole process's.
 */
export async function loadLeanSdk(): Promise<Sdk> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      UNUSED.has(specifier) && context.parentURL?.includes(SDK_NODE) === true
        ? { url: UNUSED_PARTS, shortCircuit: true }
        : next(specifier, context),
  });
  try {
    return await loadSdk();
  } finally {
    hooks.deregister();
  }
}
