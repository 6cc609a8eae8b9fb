import {
  LOG_FILE_PATTERN,
  LOG_FILES,
} from '@meridian/provider-local/resources/observation-files.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { canonicalJson } from '../../model/serialise.ts';
import {
  FILE_STORAGE,
  fileStorage,
  metricsExporter,
  PATIENCE,
  patientQueue,
} from '../collector/exporters.ts';
import {
  HOST_PROCESSOR,
  HOST_RECEIVER,
  hostMetrics,
  hostResource,
} from '../collector/host-metrics.ts';
import { lineOperators, SERVICE_OPERATOR, writerOperators } from '../collector/log-operators.ts';
import { LOG_PROCESSING, memoryLimiter, SPAN_PROCESSING } from '../collector/processors.ts';
import { telemetryListen } from '../local-places.ts';
import { edgeScrape, engineScrape, probeScrape, serviceScrapes } from './scrapes.ts';
import { hostPort, plainReadiness, telemetryProcess } from './telemetry-process.ts';
import { askingTls, servingTls } from './telemetry-tls.ts';
import { LOGS_USER, logsPasswordFile } from './victorialogs.ts';

/** Above this it refuses what comes, and those who send keep it. */
const MEMORY_LIMIT_MIB = 160;

/** By what logs are kept together: a stream for each service and level. */
const STREAM_FIELDS = 'service.name,severity_text';

/** Where the start leaves what the collector says to VictoriaLogs, in the process's folder. */
const AUTHORIZATION_FILE = 'authorization';

/** The one way that telemetry takes: metrics are fetched, logs read from files, traces sent to it. */
export function collectorProcess(context: LoweringContext): ProcessSpec {
  const { settings } = context;
  const listens = {
    otlp: telemetryListen(settings, 'collector', 'otlp'),
    health: telemetryListen(settings, 'collector', 'health'),
    metrics: telemetryListen(settings, 'collector', 'metrics'),
  };
  return telemetryProcess(context, {
    part: 'collector',
    engine: 'otelcol',
    executable: 'otelcol',
    startedBy: withAuthorization(settings.passwordGeneration),
    arguments: ['--config', '${self}/collector.json'],
    files: { 'collector.json': canonicalJson(collectorConfiguration(context)) },
    listens,
    memoryMib: 192,
    readiness: plainReadiness(listens.health),
  });
}

/** Leaves user and password as a header of HTTP has them, in a file, and becomes the collector. */
function withAuthorization(passwordGeneration: number): readonly string[] {
  const script = [
    'umask 077',
    'password=$1; file=$2; shift 2',
    `{ printf "Basic "; { printf "${LOGS_USER}:"; head -n 1 "$password" | tr -d "\\n"; } | base64 -w 0; } > "$file"`,
    'exec "$@"',
  ].join('\n');
  return [
    '/bin/sh',
    '-ec',
    script,
    'collector',
    logsPasswordFile(passwordGeneration),
    AUTHORIZATION_FILE,
  ];
}

/** Source: OpenTelemetry Collector 0.160 and its contrib. */
function collectorConfiguration(context: LoweringContext): object {
  return {
    extensions: {
      [FILE_STORAGE]: fileStorage('${data:json}/waiting'),
      health_check: {
        endpoint: hostPort(telemetryListen(context.settings, 'collector', 'health')),
      },
    },
    receivers: receivers(context),
    processors: {
      memory_limiter: memoryLimiter(MEMORY_LIMIT_MIB),
      ...SPAN_PROCESSING.processors,
      ...LOG_PROCESSING.processors,
      [HOST_PROCESSOR]: hostResource('this-machine'),
    },
    exporters: exporters(context),
    service: service(context),
  };
}

function receivers(context: LoweringContext): object {
  const { graph, settings } = context;
  const zones = graph.zones.map(({ name }) => name);
  return {
    otlp: {
      protocols: {
        grpc: {
          endpoint: hostPort(telemetryListen(settings, 'collector', 'otlp')),
          tls: servingTls(),
        },
      },
    },
    prometheus: {
      config: {
        scrape_configs: [
          ...serviceScrapes(context),
          ...[engineScrape(), probeScrape(context), edgeScrape()],
        ],
      },
    },
    [HOST_RECEIVER]: hostMetrics(),
    file_log: {
      include: LOG_FILES,
      start_at: 'beginning',
      include_file_path: true,
      include_file_name: false,
      poll_interval: '1s',
      storage: FILE_STORAGE,
      // A line that is not accepted is read again, so a full queue loses none.
      retry_on_failure: { enabled: true, ...PATIENCE },
      operators: [
        ...writerOperators(LOG_FILE_PATTERN, zones),
        ...lineOperators(),
        SERVICE_OPERATOR,
      ],
    },
  };
}

function exporters({ settings }: LoweringContext): object {
  const at = {
    jaeger: telemetryListen(settings, 'jaeger', 'otlp'),
    logs: telemetryListen(settings, 'victorialogs', 'https'),
    metrics: telemetryListen(settings, 'prometheus', 'https'),
  };
  return {
    'otlp_grpc/traces': {
      endpoint: hostPort(at.jaeger),
      tls: askingTls('jaeger'),
      ...patientQueue(),
    },
    'otlp_http/logs': {
      endpoint: `https://${hostPort(at.logs)}/insert/opentelemetry`,
      tls: askingTls('victorialogs'),
      headers: {
        Authorization: `\${file:${AUTHORIZATION_FILE}}`,
        'VL-Stream-Fields': STREAM_FIELDS,
      },
      ...patientQueue(),
    },
    'otlp_http/metrics': metricsExporter(
      `https://${hostPort(at.metrics)}/api/v1/otlp`,
      askingTls('prometheus'),
    ),
  };
}

function service({ settings }: LoweringContext): object {
  const { address: host, port } = telemetryListen(settings, 'collector', 'metrics');
  const pipeline = (receiver: string, processors: readonly string[], exporter: string) => ({
    receivers: [receiver],
    processors: ['memory_limiter', ...processors],
    exporters: [exporter],
  });
  return {
    extensions: [FILE_STORAGE, 'health_check'],
    telemetry: {
      logs: { level: 'warn', disable_stacktrace: true, disable_caller: true },
      metrics: { readers: [{ pull: { exporter: { prometheus: { host, port } } } }] },
    },
    pipelines: {
      traces: pipeline('otlp', SPAN_PROCESSING.order, 'otlp_grpc/traces'),
      logs: pipeline('file_log', LOG_PROCESSING.order, 'otlp_http/logs'),
      metrics: pipeline('prometheus', [], 'otlp_http/metrics'),
      'metrics/host': pipeline(HOST_RECEIVER, [HOST_PROCESSOR], 'otlp_http/metrics'),
    },
  };
}
