import { OUT_OF_ORDER_MINUTES, QUEUED_ITEMS_MAX } from '../defaults.ts';

/** Name of the extension that keeps on disk what waits. */
export const FILE_STORAGE = 'file_storage';

/**
 * Waits for a store that is away as long as it takes, and asks it again soon. What was accepted is on disk: batches are
 * made behind the queue, while the processor `batch` would keep them in memory before it.
 */
export function patientQueue() {
  return {
    sending_queue: {
      ...{ enabled: true, storage: FILE_STORAGE, sizer: 'items', queue_size: QUEUED_ITEMS_MAX },
      num_consumers: 2,
      batch: { flush_timeout: '1s', min_size: 500, max_size: 5_000 },
    },
    retry_on_failure: { initial_interval: '1s', max_interval: '5s', max_elapsed_time: '0s' },
  };
}

/** Keeps what waits, and gives the room back once it has gone. */
export function fileStorage(folder: string): object {
  return {
    directory: folder,
    create_directory: true,
    directory_permissions: '0700',
    compaction: { on_start: true, on_rebound: true, directory: folder },
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
