import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import type { TestProcess } from '@meridian/kit/testing/world.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import { pollEngine } from '../engine-poll.ts';
import type { EnginePoll } from '../engine-poll.ts';

/** Longer than an engine takes that is well, on two busy cores. */
export const TIMEOUT_MS = 2_000;
const INTERVAL_MS = 50;

/** An engine that is asked again and again until `stop`. */
export interface PolledEngine {
  /** Series of the engine as they would be scraped now, `name{label="value"} value`, without those of the process. */
  series(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Asks an engine as the main file does, but more often. */
export function polled({ runtime }: TestProcess, poll: EnginePoll): PolledEngine {
  const { registry } = runtime.metrics;
  const { name } = ENGINE_METRICS.engineUp;
  const stopped = new AbortController();
  const polling = pollEngine(poll, {
    ...{ up: gauge(registry, { name, help: '1 for one that answers' }), log: runtime.log },
    ...{ intervalMs: INTERVAL_MS, timeoutMs: TIMEOUT_MS, signal: stopped.signal },
  });
  const names = Object.values(ENGINE_METRICS).map((metric) => metric.name);
  return {
    series: async () => {
      const lines = (await registry.metrics()).split('\n');
      return lines.filter((line) =>
        names.some((each) => line.startsWith(`${each}{`) || line.startsWith(`${each} `)),
      );
    },
    stop: async () => {
      stopped.abort();
      await polling;
    },
  };
}
