import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import { pollEngine } from '../engine-poll.ts';
import type { EnginePoll } from '../engine-poll.ts';

/** Longer than an engine takes that is well, on two busy cores. */
export const TIMEOUT_MS = 2_000;
const INTERVAL_MS = 250;

const NAMES = Object.values(ENGINE_METRICS)
  .map(({ name }) => name)
  .filter((name) => !name.startsWith('process_'));

/** Series of engines as they would be scraped now, `name{label="value"} value`, without those of the process. */
export async function engineSeries({ metrics }: Runtime): Promise<readonly string[]> {
  const lines = (await metrics.registry.metrics()).split('\n');
  return lines.filter((line) =>
    NAMES.some((name) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)),
  );
}

/** Asks an engine as the main file does, but more often, until what it gives is called. */
export function polled(runtime: Runtime, poll: EnginePoll): () => Promise<void> {
  const { registry } = runtime.metrics;
  const { name } = ENGINE_METRICS.engineUp;
  const stopped = new AbortController();
  const polling = pollEngine(poll, {
    ...{ up: gauge(registry, { name, help: '1 for one that answers' }), log: runtime.log },
    ...{ intervalMs: INTERVAL_MS, timeoutMs: TIMEOUT_MS, signal: stopped.signal },
  });
  return async () => {
    stopped.abort();
    await polling;
  };
}
