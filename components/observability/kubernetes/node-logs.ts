import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import { FILE_STORAGE, fileStorage, PATIENCE, patientQueue } from '../collector/exporters.ts';
import { lineOperators, SERVICE_OPERATOR } from '../collector/log-operators.ts';
import type { LogOperator } from '../collector/log-operators.ts';
import { LOG_PROCESSING, memoryLimiter } from '../collector/processors.ts';
import { askingStores, HEALTH_PORT, pipeline, selfTelemetry } from './collector-configuration.ts';
import { partHost, PART_PORTS } from './parts.ts';

/** Where a kubelet keeps what containers write. */
export const NODE_LOG_FOLDER = '/var/log/pods';

/** Where it is kept how far each file was read, and what waits: on the node, so that a new pod goes on. */
export const READ_SO_FAR_FOLDER = '/var/lib/meridian-node-logs';

/** Pod and container by the path of a file: `<namespace>_<pod>_<uid>/<container>/<count>.log`. */
const LOG_PATH = String.raw`^/var/log/pods/[^_/]+_(?P<instance>[^_/]+)_[^/]+/(?P<service>[^/]+)/`;

/**
 * What reads the lines of a node: of the platform's namespaces, and never its own, whose every line would make
 * another. Source: OpenTelemetry Collector 0.160 and its contrib.
 */
export function nodeLogsConfiguration(
  { graph, settings, engines }: KubernetesLowering,
  memoryMib: number,
): object {
  const { data, edge, observability } = settings.namespaces;
  return {
    extensions: {
      [FILE_STORAGE]: fileStorage(`${READ_SO_FAR_FOLDER}/storage`),
      health_check: { endpoint: `\${env:MY_POD_IP}:${HEALTH_PORT}` },
    },
    receivers: {
      file_log: {
        // What a kubelet has put aside too, until it is packed: its end may not be read yet.
        include: [graph.namespace, data, edge, observability].flatMap((namespace) =>
          ['*.log', '*.log.*'].map((name) => `${NODE_LOG_FOLDER}/${namespace}_*/*/${name}`),
        ),
        exclude: ['gz', 'tmp'].map((ending) => `${NODE_LOG_FOLDER}/*/*/*.${ending}`),
        start_at: 'beginning',
        include_file_path: true,
        include_file_name: false,
        storage: FILE_STORAGE,
        // A line that is not accepted is read again, so a full queue loses none.
        retry_on_failure: { enabled: true, ...PATIENCE },
        operators: [
          // Joins what the container's runtime has cut, and takes its time where a line says none.
          { type: 'container', add_metadata_from_filepath: false },
          ...podOperators(engines),
          ...lineOperators(),
          SERVICE_OPERATOR,
        ],
      },
    },
    processors: {
      memory_limiter: memoryLimiter(memoryMib),
      ...LOG_PROCESSING.processors,
    },
    exporters: {
      'otlp_http/logs': {
        endpoint: `https://${partHost(settings, 'loki')}:${PART_PORTS.loki}/otlp`,
        tls: askingStores(),
        ...patientQueue(),
      },
    },
    service: {
      extensions: [FILE_STORAGE, 'health_check'],
      telemetry: selfTelemetry(),
      pipelines: {
        logs: pipeline('file_log', LOG_PROCESSING.order, ['otlp_http/logs']),
      },
    },
  };
}

/** Who wrote a line, where the line does not say it itself. */
function podOperators(engines: KubernetesLowering['engines']): readonly LogOperator[] {
  return [
    {
      type: 'regex_parser',
      parse_from: 'attributes["log.file.path"]',
      regex: LOG_PATH,
      on_error: 'send_quiet',
    },
    ...engines
      .flatMap(({ containers = {} }) => Object.entries(containers))
      .map(([container, job]) => ({
        type: 'add',
        if: `attributes.service == "${container}"`,
        field: 'attributes.service',
        value: job,
      })),
    { type: 'add', field: 'attributes.zone', value: '${env:ZONE}' },
  ];
}
