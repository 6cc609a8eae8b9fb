import { assignedCertificate } from '../certificates/assigned-certificate.ts';
import { issuerReference } from '../certificates/authorities.ts';
import { edgeIssuer } from '../certificates/issuers.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type * as k8s from '../kubernetes/k8s.ts';
import { selectorLabels } from '../kubernetes/labels.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import { awaited } from '../kubernetes/manifest.ts';
import type { KubernetesPart, Manifest } from '../kubernetes/manifest.ts';
import { edgeInside } from './kubernetes/edge-inside.ts';
import { dnsRule, networkPolicy } from '../kubernetes/network-policy.ts';
import { SERVICE_PORT } from '../kubernetes/ports.ts';
import { edgeService } from '../model/call-order.ts';
import type { NounLanding } from '../noun-landing.ts';
import { EDGE_IDENTITY } from '../service/service-configuration.ts';
import type { EdgePlace } from './kubernetes/edge-place.ts';
import type { EdgeLanding } from './edge.ts';
import {
  backendTraffic,
  clientTraffic,
  envoyProxy,
  proxyLabels,
} from './kubernetes/envoy-gateway.ts';
import { HTTP_LISTENER_PORT, HTTPS_LISTENER_PORT } from './kubernetes/listener-ports.ts';
import { backendTls, gateway, gatewayClass, redirect, routes } from './kubernetes/gateway-api.ts';

/** Where proxies answer about themselves. */
const METRICS_PORT = 19_001;

/** Where Envoy Gateway tells proxies what to do. */
const CONTROL_PORT = 18_000;

/** A Gateway API gateway of Envoy Gateway's. */
export interface KubernetesEdge extends KubernetesPart {
  readonly url: string;
}

/** What a graph needs of it. */
export function lowerEdge(context: KubernetesContext): KubernetesEdge {
  const { graph, settings } = context;
  const place: EdgePlace = {
    graph,
    settings,
    edge: graph.name,
    namespace: settings.namespaces.edge,
    tlsSecret: `${graph.name}-edge-tls`,
    originSecret: `${graph.name}-edge-origin`,
    service: edgeService(graph).name,
  };
  return {
    steps: [
      { manifests: [userCertificate(context, place), originCertificate(place)] },
      {
        manifests: [
          ...[gatewayClass(place), envoyProxy(place), proxyPolicy(place)],
          edgeInside(context).service,
        ],
      },
      { manifests: [gateway(place), clientTraffic(place), backendTls(place)] },
      { manifests: [...routes(place), redirect(place), ...backendTraffic(place)] },
    ],
    url: `https://${settings.edge.host}`,
  };
}

/** Declares it in the cluster. */
export function landEdge(lowered: KubernetesEdge): EdgeLanding {
  return (parent, _name, { certificates, gateway: service }) => {
    declarePart(lowered, { parent, dependsOn: [certificates, service] });
    return { url: lowered.url };
  };
}

/** An issuer outside may check first that the name is ours, by a record that DNS has to spread. */
const USER_CERTIFICATE_SECONDS = 1_200;

/** The certificate that users see. */
function userCertificate(
  context: KubernetesContext,
  { settings, namespace, tlsSecret }: EdgePlace,
): Manifest {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: {
      name: tlsSecret,
      namespace,
      annotations: awaited(USER_CERTIFICATE_SECONDS),
    },
    spec: {
      secretName: tlsSecret,
      dnsNames: [settings.edge.host],
      usages: ['digital signature', 'server auth'],
      privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8', rotationPolicy: 'Always' },
      issuerRef: issuerReference(edgeIssuer(context)),
    },
  } satisfies k8s.Certificate;
}

/** With what proxies prove to the gateway that they are the edge: it accepts nobody else. */
function originCertificate({ graph, namespace, originSecret }: EdgePlace): Manifest {
  return assignedCertificate(graph, {
    namespace,
    identity: EDGE_IDENTITY,
    secret: originSecret,
    key: { algorithm: 'ECDSA', size: 256 },
    usages: ['digital signature', 'client auth'],
  });
}

/** Anybody may come in; out they go to the gateway, and to what tells them what to do. */
function proxyPolicy(place: EdgePlace): Manifest {
  const { graph, settings, edge, namespace, service } = place;
  const { observability } = settings.namespaces;
  return networkPolicy({
    name: `${edge}-proxies`,
    namespace,
    pods: proxyLabels(place),
    ingress: [
      { peers: [], ports: [HTTPS_LISTENER_PORT, HTTP_LISTENER_PORT] },
      { peers: [{ namespace: observability, pods: {} }], ports: [METRICS_PORT] },
    ],
    egress: [
      dnsRule(settings),
      { peers: [{ pods: { 'control-plane': 'envoy-gateway' } }], ports: [CONTROL_PORT] },
      {
        peers: [{ namespace: graph.namespace, pods: selectorLabels(graph, service) }],
        ports: [SERVICE_PORT],
      },
    ],
  });
}

/** The edge of a cluster. */
export const kubernetesEdge: NounLanding<KubernetesContext, KubernetesEdge, unknown, EdgeLanding> =
  {
    lower: lowerEdge,
    land: landEdge,
  };
