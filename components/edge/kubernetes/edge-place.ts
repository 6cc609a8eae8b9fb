import type { PodsSettings } from '../../kubernetes/kubernetes-settings.ts';
import type { PlatformGraph } from '../../model/graph.ts';

/** Names that the objects of the edge know each other by. */
export interface EdgePlace {
  readonly graph: PlatformGraph;
  readonly settings: PodsSettings;
  /** Name of the Gateway and of what belongs to it. */
  readonly edge: string;
  /** Where the proxies run. */
  readonly namespace: string;
  /** Secret with the certificate for users. */
  readonly tlsSecret: string;
  /** Secret with the client certificate for the gateway: authenticated origin pulls. */
  readonly originSecret: string;
  /** The service behind the edge. */
  readonly service: string;
}
