import { QUEUED_ITEMS_MAX } from '../defaults.ts';

/** Name of the extension that keeps on disk what waits. */
export const FILE_STORAGE = 'file_storage';

/**
 * Waits for a store that is away as long as it takes, and asks it again soon. What was accepted is on disk: batches are
 * made behind the queue, while the processor `batch` would keep them in memory before it.
 */
export function patientQueue(): object {
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

/** Names and labels as they were scraped: what rules read is what processes serve. */
export function remoteWrite(endpoint: string, tls: object): object {
  return {
    endpoint,
    tls,
    translation_strategy: 'UnderscoreEscapingWithoutSuffixes',
    target_info: { enabled: false },
    disable_scope_info: true,
    // One after the other, so that what waited arrives in its order.
    remote_write_queue: { enabled: true, queue_size: 10_000, num_consumers: 1 },
    max_batch_request_parallelism: 1,
    retry_on_failure: { initial_interval: '1s', max_interval: '5s', max_elapsed_time: '600s' },
  };
}
