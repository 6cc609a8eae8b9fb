import { setTimeout as delay } from 'node:timers/promises';
import { Health } from '@meridian/kit/health/gen/grpc/health/v1/health_pb.js';
import type { RpcClient } from '@meridian/kit/clients.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';

/** A gateway that has not reached its services for this long gets traffic all the same. */
export const FIRST_CONTACT_PATIENCE_MS = 10_000;

const ATTEMPT_TIMEOUT_MS = 1_000;
const ATTEMPT_INTERVAL_MS = 200;

/**
 * Holds a starting gateway back until each service behind it has answered a health check once, so
 * that a rollout never sends traffic to a gateway that cannot reach anything.
 *
 * It gives up after a while and never looks again: were readiness to follow the services, one that
 * fails would take every gateway out at once, and the edge could only drop connections where the
 * gateways answer 503 with a reason and serve everything else. A gateway that alone cannot reach a
 * service is taken out by the edge, which counts its 5xx (outlier detection).
 */
export class FirstContact {
  readonly #missing: Set<string>;
  readonly #log: Logger;
  readonly #stopped = new AbortController();

  constructor(clients: readonly RpcClient[], log: Logger, patienceMs = FIRST_CONTACT_PATIENCE_MS) {
    this.#log = log;
    this.#missing = new Set(clients.map(({ name }) => name));
    const patience = AbortSignal.timeout(patienceMs);
    const signal = AbortSignal.any([this.#stopped.signal, patience]);
    for (const client of clients) void this.#reach(client, signal);
  }

  /** Readiness check: throws while a service has not been reached. */
  readonly check = (): void => {
    if (this.#missing.size === 0) return;
    throw new Error(`not reached yet: ${[...this.#missing].sort().join(', ')}`);
  };

  /** Stops to look. */
  close(): void {
    this.#stopped.abort();
  }

  async #reach(client: RpcClient, signal: AbortSignal): Promise<void> {
    while (!(await answers(client, signal))) {
      if (signal.aborted) {
        this.#log.warn({ peer: client.name }, 'not reached yet; taking traffic all the same');
        break;
      }
      await delay(ATTEMPT_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
    this.#missing.delete(client.name);
  }
}

async function answers(client: RpcClient, signal: AbortSignal): Promise<boolean> {
  try {
    await client.unary(
      Health.method.check,
      { service: '' },
      {
        timeoutMs: ATTEMPT_TIMEOUT_MS,
        isPoll: true,
        signal,
      },
    );
    return true;
  } catch {
    // Whatever the reason is, it is looked at again; the channel logs its own trouble.
    return false;
  }
}
