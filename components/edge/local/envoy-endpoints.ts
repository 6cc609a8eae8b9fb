import { canonicalJson } from '../../model/serialise.ts';
import { GATEWAYS } from './envoy-listener.ts';

/** A gateway that the edge may send requests to. */
export interface Upstream {
  readonly address: string;
  readonly port: number;
}

/** The file of Envoy's endpoint discovery, which it reads again when another is moved over it. */
export const ENDPOINTS_FILE = 'endpoints/gateways.json';

/**
 * Which gateways there are, as a live file: it changes under a running Envoy. Source: Envoy 1.40,
 * config.endpoint.v3.ClusterLoadAssignment.
 */
export function endpointsFile(upstreams: readonly Upstream[]): Readonly<Record<string, string>> {
  const resource = {
    '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
    cluster_name: GATEWAYS,
    endpoints: [
      {
        lb_endpoints: upstreams.map(({ address, port }) => ({
          endpoint: { address: { socket_address: { address, port_value: port } } },
        })),
      },
    ],
  };
  return { [ENDPOINTS_FILE]: canonicalJson({ resources: [resource] }) };
}
