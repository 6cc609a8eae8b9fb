import { gatewayCluster } from './envoy-cluster.ts';
import { listener } from './envoy-listener.ts';

/** What the edge is told. */
export interface EdgeConfiguration {
  readonly address: string;
  readonly port: number;
  readonly adminPort: number;
  readonly gatewaySpiffeId: string;
}

/** More than this many connections at once are refused. */
const MAX_DOWNSTREAM_CONNECTIONS = 10_000;

/** For the paths that a problem repeats, which are bounded; Envoy's own limit is for short ones. */
const MAX_EXPRESSION_SIZE = 4_096;

/** Envoy's static bootstrap, as JSON. Source: Envoy 1.40, config.bootstrap.v3.Bootstrap. */
export function envoyBootstrap(configuration: EdgeConfiguration): object {
  const { address, port, adminPort, gatewaySpiffeId } = configuration;
  return {
    node: { id: 'edge', cluster: 'meridian-edge' },
    admin: { address: { socket_address: { address, port_value: adminPort } } },
    layered_runtime: {
      layers: [
        {
          name: 'expressions',
          static_layer: { 're2.max_program_size.error_level': MAX_EXPRESSION_SIZE },
        },
      ],
    },
    static_resources: {
      listeners: [listener(address, port)],
      clusters: [gatewayCluster(gatewaySpiffeId)],
    },
    overload_manager: {
      resource_monitors: [
        {
          name: 'envoy.resource_monitors.global_downstream_max_connections',
          typed_config: {
            '@type':
              'type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
            max_active_downstream_connections: MAX_DOWNSTREAM_CONNECTIONS,
          },
        },
      ],
    },
  };
}
