import { OUT_OF_ORDER_MINUTES, QUEUED_ITEMS_MAX } from '../defaults.ts';

/** Name of the extension that keeps on disk what waits. */
export const FILE_STORAGE = 'file_storage';

/**
 * Of what is sent at once. A server of gRPC takes 4 MiB unless it is told otherwise, Loki bursts of 6 MB, and what is more is
 * dropped or refused for ever. One line or span is less than the most (the collector reads no line beyond 1 MiB): with one
 * that is more, the collector would drop what follows it too.
 */
export const BATCH_BYTES = { min_size: 262_144, max_size: 3_145_728 } as const;

/** Something that is not taken is tried again soon, as long as it takes. */
export const PATIENCE = {
  initial_interval: '1s',
  max_interval: '5s',
  max_elapsed_time: '0s',
} as const;

/**
 * Waits for a store that is away as long as it takes, and asks it again soon. What was accepted is on disk: batches are
 * made behind the queue, while the processor `batch` would keep them in memory before it.
 */
export function patientQueue() {
  return {
    sending_queue: {
      ...{ enabled: true, storage: FILE_STORAGE, sizer: 'items', queue_size: QUEUED_ITEMS_MAX },
      num_consumers: 2,
      batch: { flush_timeout: '1s', sizer: 'bytes', ...BATCH_BYTES },
    },
    retry_on_failure: PATIENCE,
  };
}

/**
 * Keeps what waits, and gives the room back once it has gone. A file that a loss of power has torn is set aside, and begun
 * again: the collector would end at each start otherwise.
 */
export function fileStorage(folder: string): object {
  return {
    directory: folder,
    create_directory: true,
    directory_permissions: '0700',
    recreate: true,
    // A collector that is ended while it makes the file small leaves half a copy of it.
    compaction: { on_start: true, cleanup_on_start: true, on_rebound: true, directory: folder },
  };
}

/**
 * Samples as they were scraped go to Prometheus by OTLP, one batch after the other. They wait on disk too, as long as
 * Prometheus takes what is late. (The exporter for remote write gives up with its timeout, and asks again without a pause.)
 */
export function metricsExporter(endpoint: string, tls: object): object {
  const { sending_queue, retry_on_failure } = patientQueue();
  return {
    endpoint,
    tls,
    sending_queue: { ...sending_queue, num_consumers: 1 },
    retry_on_failure: { ...retry_on_failure, max_elapsed_time: `${60 * OUT_OF_ORDER_MINUTES}s` },
  };
}

/**
 * How Prometheus names what comes by OTLP: as it was scraped. Source: Prometheus 3, "Configuration", otlp.
 */
export const OTLP_TRANSLATION = {
  translation_strategy: 'UnderscoreEscapingWithoutSuffixes',
} as const;
