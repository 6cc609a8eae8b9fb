import type { DescService } from '@bufbuild/protobuf';
import type { ChannelOptions, ServiceConfig } from '@grpc/grpc-js';
import { isIdempotent } from './service-definition.ts';

/** A stopped peer, which still has its connections, is noticed after the sum of these. */
export const KEEPALIVE_TIME_MS = 2_000;
export const KEEPALIVE_TIMEOUT_MS = 3_000;

/** A peer that came back is found after at most this. */
const MAX_RECONNECT_BACKOFF_MS = 1_000;

/**
 * How calls of a contract are balanced and retried: in turn over all replicas, and again only where
 * doing it twice does no harm, only when the peer was not there, and only within a budget that
 * shrinks with every failure. Source: gRPC A6, "gRPC Retry Design".
 */
export function serviceConfigOf(service: DescService): ServiceConfig {
  const idempotent = service.methods.filter(isIdempotent);
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig:
      idempotent.length === 0
        ? []
        : [
            {
              name: idempotent.map((method) => ({
                service: service.typeName,
                method: method.name,
              })),
              retryPolicy: {
                maxAttempts: 4,
                initialBackoff: '0.05s',
                maxBackoff: '0.5s',
                backoffMultiplier: 2,
                retryableStatusCodes: ['UNAVAILABLE'],
              },
            },
          ],
    // A hundred failures at once, as when a zone goes, are retried; a steady flow of them is not.
    retryThrottling: { maxTokens: 200, tokenRatio: 0.1 },
  };
}

/** Options of a channel to the replicas of a contract. */
export function channelOptionsOf(service: DescService): ChannelOptions {
  return {
    'grpc.service_config': JSON.stringify(serviceConfigOf(service)),
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
}
