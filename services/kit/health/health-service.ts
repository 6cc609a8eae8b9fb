import { setTimeout as delay } from 'node:timers/promises';
import type { Readiness } from '../ops/readiness.ts';
import type { Handlers } from '../rpc/handlers.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import {
  type Health,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from './gen/grpc/health/v1/health_pb.js';

/** How often a watcher's status is looked at. */
const WATCH_INTERVAL_MS = 1_000;

/**
 * gRPC's own health service, from the same readiness as /readyz. '' stands for the whole server.
 * Source: gRPC, "GRPC Health Checking Protocol".
 */
export function healthHandlers(
  readiness: Readiness,
  services: readonly string[],
): Handlers<typeof Health> {
  const known = new Set(['', ...services]);
  const status = async (): Promise<ServingStatus> =>
    (await readiness.report()).ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  return {
    check: async ({ service }) => {
      if (!known.has(service)) throw new RpcError('NOT_FOUND', `'${service}' is not served here`);
      return { status: await status() };
    },
    async *watch({ service }, call) {
      let last: ServingStatus | undefined;
      while (!call.signal.aborted) {
        // The protocol keeps a watch of an unknown service open: it may appear later.
        const now = known.has(service) ? await status() : ServingStatus.SERVICE_UNKNOWN;
        if (now !== last) yield { status: now };
        last = now;
        // A server that leaves ends its watches, or they would hold it up for the whole grace.
        if (readiness.isDraining) return;
        await delay(WATCH_INTERVAL_MS, undefined, { signal: call.signal, ref: false });
      }
    },
  };
}
