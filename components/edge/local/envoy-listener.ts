import { accessLogFields } from '../access-log.ts';
import { NEVER_SENT, WAIT_HEADER, WAIT_SECONDS } from '../retry-policy.ts';
import { localReplies, SEVERAL_HOSTS_MATCH, UNKNOWN_METHOD_MATCH } from './envoy-problems.ts';
import { readRetries, retries, RETRY_BUFFER_BYTES, waitRetries } from './envoy-retries.ts';
import { SERVER_IDENTITY, secretReference } from './envoy-secrets.ts';

/** Name of the only cluster. */
export const GATEWAYS = 'gateways';

const TYPES = 'type.googleapis.com/envoy.extensions';

/** What one connection may buffer; Envoy's own advice for an edge ("Configuring Envoy as an edge proxy"). */
const BUFFER_LIMIT_BYTES = 32_768;

/** The listener that users reach. */
export function listener(address: string, port: number): object {
  return {
    name: 'edge',
    address: { socket_address: { address, port_value: port } },
    per_connection_buffer_limit_bytes: BUFFER_LIMIT_BYTES,
    listener_filters: [
      {
        name: 'envoy.filters.listener.tls_inspector',
        typed_config: { '@type': `${TYPES}.filters.listener.tls_inspector.v3.TlsInspector` },
      },
    ],
    filter_chains: [
      {
        transport_socket: downstreamTls(),
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: connectionManager(),
          },
        ],
      },
    ],
  };
}

function downstreamTls(): object {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${TYPES}.transport_sockets.tls.v3.DownstreamTlsContext`,
      common_tls_context: {
        alpn_protocols: ['h2', 'http/1.1'],
        tls_params: { tls_minimum_protocol_version: 'TLSv1_2' },
        tls_certificate_sds_secret_configs: [secretReference(SERVER_IDENTITY)],
      },
    },
  };
}

function connectionManager(): object {
  return {
    '@type': `${TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'edge',
    codec_type: 'AUTO',
    // The outermost hop: what a client says about forwarding, identity or request id is not believed.
    use_remote_address: true,
    xff_num_trusted_hops: 0,
    forward_client_cert_details: 'SANITIZE',
    generate_request_id: true,
    always_set_request_id_in_response: true,
    normalize_path: true,
    path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
    server_name: 'meridian',
    common_http_protocol_options: {
      idle_timeout: '300s',
      headers_with_underscores_action: 'DROP_HEADER',
    },
    // So that a method which nobody knows is told from what is not HTTP: a route answers it (501).
    http_protocol_options: { allow_custom_methods: true },
    http2_protocol_options: {
      max_concurrent_streams: 100,
      initial_stream_window_size: 65_536,
      initial_connection_window_size: 1_048_576,
    },
    request_headers_timeout: '10s',
    request_timeout: '30s',
    stream_idle_timeout: '60s',
    local_reply_config: localReplies(),
    access_log: [accessLog()],
    route_config: routes(),
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: {
          '@type': `${TYPES}.filters.http.router.v3.Router`,
          // Timings of the inside are not for users to see.
          suppress_envoy_headers: true,
        },
      },
    ],
  };
}

function routes(): object {
  const waits = {
    name: WAIT_HEADER.name,
    string_match: { safe_regex: { regex: WAIT_HEADER.regex } },
  };
  const safe = { name: ':method', string_match: { safe_regex: { regex: 'GET|HEAD' } } };
  return {
    name: 'edge',
    virtual_hosts: [
      {
        name: GATEWAYS,
        domains: ['*'],
        request_body_buffer_limit: RETRY_BUFFER_BYTES,
        routes: [
          {
            match: { prefix: '/', headers: [SEVERAL_HOSTS_MATCH] },
            direct_response: { status: 400 },
          },
          {
            match: { prefix: '/', headers: [UNKNOWN_METHOD_MATCH] },
            direct_response: { status: 501 },
          },
          toGateways([safe, waits], waitRetries(), `${WAIT_SECONDS}s`),
          toGateways([safe], readRetries()),
          toGateways([], retries(NEVER_SENT)),
        ],
      },
    ],
  };
}

function toGateways(headers: readonly object[], retryPolicy: object, timeout = '15s'): object {
  return {
    match: { prefix: '/', ...(headers.length === 0 ? {} : { headers }) },
    route: {
      cluster: GATEWAYS,
      timeout,
      retry_policy: retryPolicy,
    },
  };
}

/** One JSON line per request. */
function accessLog(): object {
  return {
    name: 'envoy.access_loggers.stdout',
    typed_config: {
      '@type': `${TYPES}.access_loggers.stream.v3.StdoutAccessLog`,
      log_format: { json_format: accessLogFields() },
    },
  };
}
