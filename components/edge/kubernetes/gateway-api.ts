import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { trustBundle } from '../../certificates/issuers.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import { awaited } from '../../kubernetes/manifest.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { SERVICE_PORT } from '../../kubernetes/ports.ts';
import { WAIT_HEADER, WAIT_SECONDS } from '../retry-policy.ts';
import { previewName } from '../../service/chart/names.ts';
import type { EdgePlace } from './edge-place.ts';

const ALL_PERCENT = 100;

/** Timeout of a request, retries included. */
export const REQUEST_TIMEOUT = '15s';

/** The same of a read that waits for a change. */
export const WAIT_TIMEOUT = `${WAIT_SECONDS}s`;

/** For proxies and, which takes longest, a load balancer of the cloud with an address. */
const PROGRAMMED_SECONDS = 900;

/** Which controller the gateway is of. */
export function gatewayClass({ graph }: EdgePlace): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: graph.name },
    spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
  } satisfies k8s.GatewayClass;
}

/** HTTPS for the host, and HTTP that only says where HTTPS is. */
export function gateway({ graph, settings, edge, namespace, tlsSecret }: EdgePlace): Manifest {
  const { host: hostname } = settings.edge;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: {
      name: edge,
      namespace,
      annotations: awaited(PROGRAMMED_SECONDS, 'condition=Programmed'),
    },
    spec: {
      gatewayClassName: graph.name,
      infrastructure: {
        parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: edge },
      },
      listeners: [
        {
          name: 'https',
          protocol: 'HTTPS',
          port: 443,
          hostname,
          tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: tlsSecret }] },
          allowedRoutes: {
            namespaces: {
              from: 'Selector',
              selector: { matchLabels: { 'kubernetes.io/metadata.name': graph.namespace } },
            },
          },
        },
        {
          name: 'http',
          protocol: 'HTTP',
          port: 80,
          hostname,
          allowedRoutes: { namespaces: { from: 'Same' } },
        },
      ],
    },
  } satisfies k8s.Gateway;
}

/** Every request over HTTP is told to come again over HTTPS. */
export function redirect({ edge, namespace }: EdgePlace): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: `${edge}-redirect`, namespace },
    spec: {
      parentRefs: [{ name: edge, sectionName: 'http' }],
      rules: [
        {
          filters: [
            { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } },
          ],
        },
      ],
    },
  } satisfies k8s.HTTPRoute;
}

/**
 * Routes to the gateway's two releases. Reads are apart, since only they may be sent twice (RFC 9110,
 * section 9.2.2), and those that wait for a change, which alone may take so long: policies on routes give
 * each its retries and its time.
 */
export function routes(place: EdgePlace): readonly Manifest[] {
  return [
    route(
      place,
      waitRoute(place),
      [{ path: ROOT_PATH, method: 'GET', headers: [WAITS] }],
      WAIT_TIMEOUT,
    ),
    route(place, readRoute(place), [
      { path: ROOT_PATH, method: 'GET' },
      { path: ROOT_PATH, method: 'HEAD' },
    ]),
    route(place, writeRoute(place), [{ path: ROOT_PATH }]),
  ];
}

/** Name of the route for GET and HEAD. */
export function readRoute({ edge }: EdgePlace): string {
  return `${edge}-reads`;
}

/** Name of the route for reads that wait for a change. */
export function waitRoute({ edge }: EdgePlace): string {
  return `${edge}-waits`;
}

/** Name of the route for everything else. */
export function writeRoute({ edge }: EdgePlace): string {
  return `${edge}-writes`;
}

/** How the proxies know the gateway's pods: by the root and their SPIFFE ID, never by a host name. */
export function backendTls({ graph, edge, service }: EdgePlace): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: { name: edge, namespace: graph.namespace },
    spec: {
      targetRefs: [service, previewName(service)].map((name) => ({
        group: '',
        kind: 'Service',
        name,
      })),
      validation: {
        caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: trustBundle(graph).name }],
        // Sent as SNI; with names below it is not what the certificate is held against.
        hostname: service,
        subjectAltNames: [{ type: 'URI', uri: spiffeId(graph, service) }],
      },
    },
  } satisfies k8s.BackendTLSPolicy;
}

const ROOT_PATH = { type: 'PathPrefix', value: '/' } as const;

type Matches = NonNullable<
  NonNullable<NonNullable<k8s.HTTPRoute['spec']>['rules']>[number]['matches']
>;

const WAITS = {
  type: 'RegularExpression',
  name: WAIT_HEADER.name,
  value: WAIT_HEADER.regex,
} as const;

function route(
  place: EdgePlace,
  name: string,
  matches: Matches,
  timeout = REQUEST_TIMEOUT,
): Manifest {
  const { graph, settings, edge, namespace, service } = place;
  const { host, canaryPercent } = settings.edge;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: graph.namespace },
    spec: {
      parentRefs: [{ name: edge, namespace, sectionName: 'https' }],
      hostnames: [host],
      rules: [
        {
          matches,
          timeouts: { request: timeout },
          backendRefs: [
            { name: service, port: SERVICE_PORT, weight: ALL_PERCENT - canaryPercent },
            { name: previewName(service), port: SERVICE_PORT, weight: canaryPercent },
          ],
        },
      ],
    },
  } satisfies k8s.HTTPRoute;
}
