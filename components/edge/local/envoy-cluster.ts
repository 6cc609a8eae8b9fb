import { RETRY_BUDGET_PERCENT } from '../retry-policy.ts';
import { ENDPOINTS_FILE } from './envoy-endpoints.ts';
import { GATEWAYS } from './envoy-listener.ts';
import { MIN_RETRIES_AT_ONCE } from './envoy-retries.ts';
import { ORIGIN_IDENTITY, ROOT_SECRET, secretReference } from './envoy-secrets.ts';

/**
 * The gateways of all zones, each asked for its health every second over the port that serves. One that
 * is no longer named gets nothing more, however healthy it is.
 */
export function gatewayCluster(gatewaySpiffeId: string): object {
  return {
    name: GATEWAYS,
    type: 'EDS',
    eds_cluster_config: {
      eds_config: { path_config_source: { path: `\${self:json}/${ENDPOINTS_FILE}` } },
    },
    ignore_health_on_host_removal: true,
    connect_timeout: '1s',
    lb_policy: 'LEAST_REQUEST',
    per_connection_buffer_limit_bytes: 32_768,
    health_checks: [healthCheck()],
    outlier_detection: outlierDetection(),
    // One healthy gateway of three carries all; only when none is known to be healthy are all tried,
    // since one that has just come back may not have been asked yet.
    common_lb_config: { healthy_panic_threshold: { value: 30 } },
    circuit_breakers: {
      thresholds: [
        {
          max_connections: 1_024,
          max_pending_requests: 1_024,
          max_requests: 1_024,
          retry_budget: {
            budget_percent: { value: RETRY_BUDGET_PERCENT },
            min_retry_concurrency: MIN_RETRIES_AT_ONCE,
          },
        },
      ],
    },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        common_http_protocol_options: { idle_timeout: '60s' },
        explicit_http_config: { http_protocol_options: {} },
      },
    },
    transport_socket: upstreamTls(gatewaySpiffeId),
  };
}

function healthCheck(): object {
  return {
    timeout: '1s',
    interval: '1s',
    interval_jitter: '0.1s',
    no_traffic_interval: '1s',
    unhealthy_threshold: 2,
    healthy_threshold: 1,
    http_health_check: { host: 'gateway', path: '/readyz' },
  };
}

/**
 * Takes out a gateway that fails requests between two health checks, and tries it again soon. One at
 * a time: health checks find the others, and ejecting all would close the door (seen in
 * tests/long/kills.test.ts, where gateways were killed in turn).
 */
function outlierDetection(): object {
  return {
    interval: '1s',
    base_ejection_time: '2s',
    max_ejection_time: '4s',
    max_ejection_percent: 34,
    split_external_local_origin_errors: true,
    consecutive_local_origin_failure: 3,
    enforcing_consecutive_local_origin_failure: 100,
    consecutive_gateway_failure: 5,
    enforcing_consecutive_gateway_failure: 100,
    // An answer 500 to a bad request says nothing about the gateway's health.
    enforcing_consecutive_5xx: 0,
    enforcing_success_rate: 0,
    enforcing_local_origin_success_rate: 0,
  };
}

/** Mutual TLS 1.3; the peer is known by its SPIFFE ID, never by a host name. */
function upstreamTls(gatewaySpiffeId: string): object {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      common_tls_context: {
        alpn_protocols: ['http/1.1'],
        tls_params: {
          tls_minimum_protocol_version: 'TLSv1_3',
          tls_maximum_protocol_version: 'TLSv1_3',
        },
        tls_certificate_sds_secret_configs: [secretReference(ORIGIN_IDENTITY)],
        combined_validation_context: {
          default_validation_context: {
            match_typed_subject_alt_names: [
              { san_type: 'URI', matcher: { exact: gatewaySpiffeId } },
            ],
          },
          validation_context_sds_secret_config: secretReference(ROOT_SECRET),
        },
      },
    },
  };
}
