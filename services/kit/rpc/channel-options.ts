import type { ChannelOptions, ServiceConfig } from '@grpc/grpc-js';
import { LEAST_BUSY } from './least-busy.ts';

/**
 * A peer that hangs, or whose machine is gone, keeps its connections; it is given up after the sum of
 * these. They are long, because a machine that starves answers as late as one that hangs, and giving up
 * its connections then fails the calls that it would still have answered; both sides' own pauses count
 * too. Meanwhile the balancer keeps calls from a peer that does not answer, and the gateway asks another
 * (repetition.ts), so that nothing but the connection waits for this.
 */
export const KEEPALIVE_TIME_MS = 10_000;
export const KEEPALIVE_TIMEOUT_MS = 10_000;

/** A peer that came back is found after at most this. */
const MAX_RECONNECT_BACKOFF_MS = 1_000;

/**
 * How calls are balanced. There is no retryPolicy: only the edge service sends a call again, by its own
 * budget (repetition.ts). What never left this process is still sent again by grpc-js itself (gRPC A6,
 * "Transparent Retries").
 */
export const SERVICE_CONFIG: ServiceConfig = {
  loadBalancingConfig: [{ [LEAST_BUSY]: {} }],
  methodConfig: [],
};

/** Options of a channel to the replicas of a service. */
export const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
  'grpc.service_config_disable_resolution': 1,
  'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
  'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': MAX_RECONNECT_BACKOFF_MS,
  'grpc.dns_min_time_between_resolutions_ms': 5_000,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
};
