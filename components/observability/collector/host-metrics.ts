import { SCRAPE_INTERVAL_SECONDS } from '../defaults.ts';

/** Names of the receiver that looks at the machine, and of the processor that says whose its metrics are. */
export const HOST_RECEIVER = 'host_metrics';
export const HOST_PROCESSOR = 'resource/host';

/** The job of what is the machine's own. */
export const HOST_JOB = 'host';

/**
 * Memory, and the file systems that are on a disk, as shares of 1; everything else that it could tell is left out. Source:
 * collector-contrib 0.160, receiver/hostmetricsreceiver.
 */
export function hostMetrics(): object {
  const only = (name: string, ...others: readonly string[]) => ({
    [name]: { enabled: true },
    ...Object.fromEntries(others.map((other) => [other, { enabled: false }])),
  });
  return {
    collection_interval: `${SCRAPE_INTERVAL_SECONDS}s`,
    scrapers: {
      memory: { metrics: only('system.memory.utilization', 'system.memory.usage') },
      filesystem: {
        metrics: only(
          'system.filesystem.utilization',
          'system.filesystem.usage',
          'system.filesystem.inodes.usage',
        ),
      },
    },
  };
}

/** Remote write makes a job of the service's name, and an instance of its id. */
export function hostResource(instance: string): object {
  const set = (key: string, value: string) => ({ key, value, action: 'upsert' });
  return {
    attributes: [set('service.name', HOST_JOB), set('service.instance.id', instance)],
  };
}
