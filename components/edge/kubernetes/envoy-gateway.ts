import { priorityClass } from '../../cluster/priority-classes.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { ZONE_LABEL } from '../../kubernetes/placed-in-zone.ts';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import { accessLogFields } from '../access-log.ts';
import {
  GATEWAY_GONE,
  MAX_RETRIES,
  NEVER_SENT,
  READ_TRY_SECONDS,
  RETRY_BUDGET_PERCENT,
  WAIT_SECONDS,
} from '../retry-policy.ts';
import type { EdgePlace } from './edge-place.ts';
import { readRoute, REQUEST_TIMEOUT, WAIT_TIMEOUT, waitRoute, writeRoute } from './gateway-api.ts';

/** More than this many connections at once are refused by a proxy. */
const MAX_CONNECTIONS = 10_000;

/** Requests and connections to the gateway at once, from one proxy. */
const MAX_UPSTREAM = 1_024;

/** What one connection may buffer; Envoy's own advice for an edge ("Configuring Envoy as an edge proxy"). */
const BUFFER_LIMIT = '32Ki';

/**
 * How long a proxy that leaves stays for the requests that it has: the longest that any may take, and some
 * seconds for the balancer to send it no more. What is left then is cut off.
 */
const DRAIN_SECONDS = WAIT_SECONDS + 10;

/** Labels by which Envoy Gateway's proxies of a gateway are known. */
export function proxyLabels({ edge, namespace }: Pick<EdgePlace, 'edge' | 'namespace'>) {
  return {
    'gateway.envoyproxy.io/owning-gateway-name': edge,
    'gateway.envoyproxy.io/owning-gateway-namespace': namespace,
  };
}

/** The proxies: one a zone, and how they present themselves to the gateway. */
export function envoyProxy(place: EdgePlace): Manifest {
  const { graph, settings, edge, namespace, originSecret } = place;
  const zones = settings.zones.length;
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'EnvoyProxy',
    metadata: { name: edge, namespace },
    spec: {
      logging: { level: { default: 'warn' } },
      telemetry: {
        accessLog: {
          settings: [
            {
              format: { type: 'JSON', json: accessLogFields() },
              sinks: [{ type: 'File', file: { path: '/dev/stdout' } }],
            },
          ],
        },
      },
      provider: {
        type: 'Kubernetes',
        kubernetes: {
          envoyDeployment: {
            replicas: zones,
            pod: {
              securityContext: RESTRICTED_POD,
              ...pullSecrets(settings),
              topologySpreadConstraints: [
                {
                  topologyKey: ZONE_LABEL,
                  maxSkew: 1,
                  whenUnsatisfiable: 'DoNotSchedule',
                  nodeTaintsPolicy: 'Honor',
                  labelSelector: { matchLabels: proxyLabels(place) },
                },
              ],
            },
            container: {
              securityContext: {
                ...RESTRICTED_CONTAINER,
                runAsNonRoot: true,
              },
              resources: {
                requests: { cpu: '250m', memory: '256Mi' },
                limits: { memory: '512Mi' },
              },
            },
            patch: {
              type: 'StrategicMerge',
              value: {
                spec: {
                  template: { spec: { priorityClassName: priorityClass(graph, 'engine') } },
                },
              },
            },
          },
          envoyPDB: { minAvailable: zones - 1 },
          // The address of a client gets to a proxy only on its own node.
          envoyService: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
        },
      },
      shutdown: { drainTimeout: `${DRAIN_SECONDS}s`, minDrainDuration: '10s' },
      backendTLS: {
        clientCertificateRef: { group: '', kind: 'Secret', name: originSecret, namespace },
        minVersion: '1.3',
        maxVersion: '1.3',
        alpnProtocols: ['http/1.1'],
      },
    },
  } satisfies k8s.EnvoyProxy;
}

/**
 * The outermost hop: what a client says about forwarding, identity or request id is not believed. The
 * same as of the local edge (../local/envoy-listener.ts).
 */
export function clientTraffic({ edge, namespace }: EdgePlace): Manifest {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'ClientTrafficPolicy',
    metadata: { name: edge, namespace },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: edge }],
      tls: { minVersion: '1.2', alpnProtocols: ['h2', 'http/1.1'] },
      headers: {
        enableEnvoyHeaders: false,
        requestID: 'Generate',
        withUnderscoresAction: 'DropHeader',
        xForwardedClientCert: { mode: 'Sanitize' },
      },
      path: { escapedSlashesAction: 'KeepUnchanged', disableMergeSlashes: true },
      http2: {
        maxConcurrentStreams: 100,
        initialStreamWindowSize: '64Ki',
        initialConnectionWindowSize: '1Mi',
      },
      connection: { bufferLimit: BUFFER_LIMIT, connectionLimit: { value: MAX_CONNECTIONS } },
      timeout: { http: { requestReceivedTimeout: '30s', idleTimeout: '300s' } },
    },
  } satisfies k8s.ClientTrafficPolicy;
}

/**
 * How each route treats the gateway: what no gateway has got is sent again, and a read that one got and
 * went away with (../retry-policy.ts). What a proxy answers itself is plain text: a `responseOverride`
 * goes by status alone and would replace the gateway's own problems too.
 */
export function backendTraffic(place: EdgePlace): readonly Manifest[] {
  return [
    trafficPolicy(
      place,
      waitRoute(place),
      {
        numRetries: MAX_RETRIES,
        perRetry: { backOff: BACK_OFF },
        retryOn: { triggers: [...NEVER_SENT, ...GATEWAY_GONE] },
      },
      WAIT_TIMEOUT,
    ),
    trafficPolicy(place, readRoute(place), {
      numRetries: MAX_RETRIES,
      perRetry: { timeout: `${READ_TRY_SECONDS}s`, backOff: BACK_OFF },
      retryOn: { triggers: [...NEVER_SENT, ...GATEWAY_GONE] },
    }),
    trafficPolicy(place, writeRoute(place), {
      numRetries: MAX_RETRIES,
      perRetry: { backOff: BACK_OFF },
      retryOn: { triggers: [...NEVER_SENT] },
    }),
  ];
}

/**
 * Takes out a gateway to which connections fail, between two health checks. What a gateway answers says
 * nothing of it: a 503 is that of a service which is away, and would take one healthy gateway after the
 * other out, each time for longer, as Envoy Gateway knows no longest time and leaves Envoy's 300 s. Zero is
 * never: Envoy counts up and compares for equality. Left out, 5xx are enforced from 5 on, by a default of the CRD.
 * Gateway errors are enforced wherever a number is given. Source: Envoy Gateway 1.9.1,
 * internal/xds/translator/cluster.go, buildXdsOutlierDetection; Envoy 1.39, outlier_detection_impl.cc,
 * putHttpResponseCode.
 */
const PASSIVE_CHECK = {
  interval: '1s',
  baseEjectionTime: '2s',
  maxEjectionPercent: 34,
  splitExternalLocalOriginErrors: true,
  consecutiveLocalOriginFailures: 3,
  consecutiveGatewayErrors: 0,
  consecutive5XxErrors: 0,
} as const;

const BACK_OFF = { baseInterval: '25ms', maxInterval: '250ms' } as const;

type TrafficSpec = NonNullable<k8s.BackendTrafficPolicy['spec']>;

function trafficPolicy(
  { graph }: EdgePlace,
  route: string,
  retry: NonNullable<TrafficSpec['retry']>,
  requestTimeout = REQUEST_TIMEOUT,
): Manifest {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'BackendTrafficPolicy',
    metadata: { name: route, namespace: graph.namespace },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: route }],
      retry,
      loadBalancer: { type: 'LeastRequest' },
      timeout: {
        tcp: { connectTimeout: '1s' },
        http: { requestTimeout, connectionIdleTimeout: '60s' },
      },
      connection: { bufferLimit: BUFFER_LIMIT },
      circuitBreaker: {
        maxConnections: MAX_UPSTREAM,
        maxPendingRequests: MAX_UPSTREAM,
        maxParallelRequests: MAX_UPSTREAM,
        maxParallelRetries: (MAX_UPSTREAM * RETRY_BUDGET_PERCENT) / 100,
      },
      healthCheck: {
        panicThreshold: 30,
        active: {
          type: 'HTTP',
          http: { path: '/readyz', hostname: 'gateway', expectedStatuses: [200] },
          timeout: '1s',
          interval: '1s',
          unhealthyThreshold: 2,
          healthyThreshold: 1,
        },
        passive: PASSIVE_CHECK,
      },
    },
  } satisfies k8s.BackendTrafficPolicy;
}
