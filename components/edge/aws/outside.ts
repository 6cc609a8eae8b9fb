import type { AwsSettings } from '../../aws/aws-settings.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { proxyLabels } from '../kubernetes/envoy-gateway.ts';
import { HTTPS_LISTENER_PORT } from '../kubernetes/listener-ports.ts';

/** Where proxies listen for what comes from Cloudflare: apart from what comes from inside, which shows no certificate. */
export const OUTSIDE_PORT = 8_443;

/** Name of that listener. */
const OUTSIDE = 'outside';

/** Where Cloudflare says whose request it is. Source: Cloudflare, "HTTP request headers", CF-Connecting-IP */
const CLIENT_HEADER = 'CF-Connecting-IP';

const HTTPS = 443;

/** Names of what there is besides the edge of any cluster. */
export interface OutsidePlace {
  /** Name of the Gateway. */
  readonly edge: string;
  readonly namespace: string;
  readonly settings: AwsSettings;
  /** Group of the balancer's targets. */
  readonly targetGroup: string;
}

/** The ConfigMap with the authorities whose clients are Cloudflare. */
const authorities = ({ edge }: OutsidePlace): string => `${edge}-origin-pulls`;

/** The Service that the balancer's targets are those of. */
const service = ({ edge }: OutsidePlace): string => `${edge}-outside`;

/**
 * The same object for a cluster behind Cloudflare and a balancer that is not the cluster's: proxies get no balancer of their own,
 * a further listener lets in Cloudflare alone, and the routes are of both.
 */
export function withOutside(manifest: Manifest, place: OutsidePlace): Manifest {
  switch (manifest.kind) {
    case 'EnvoyProxy':
      return withoutBalancer(manifest);
    case 'Gateway':
      return withListener(manifest);
    case 'HTTPRoute':
      return onBoth(manifest);
    case 'NetworkPolicy':
      return fromBalancer(manifest, place);
    default:
      return manifest;
  }
}

/**
 * Seconds for which the balancer may still lead new connections to a proxy that it is told to lead nobody to: AWS says 180 to 300.
 * Source: aws-load-balancer-controller issue 1834, the answer of AWS's support
 */
const UNTIL_BALANCER_KNOWS_SECONDS = 300;

/** Seconds beyond that for what came last, which no route grants as many. */
const LONGEST_SECONDS = 60;

function withoutBalancer(proxy: k8s.EnvoyProxy): k8s.EnvoyProxy {
  const { spec } = proxy;
  const { provider } = spec;
  if (provider?.kubernetes === undefined) throw new Error('The proxies are not of Kubernetes');
  const kubernetes = { ...provider.kubernetes, envoyService: { type: 'ClusterIP' as const } };
  const shutdown = {
    drainTimeout: `${String(UNTIL_BALANCER_KNOWS_SECONDS + LONGEST_SECONDS)}s`,
    minDrainDuration: `${String(UNTIL_BALANCER_KNOWS_SECONDS)}s`,
  };
  return { ...proxy, spec: { ...spec, shutdown, provider: { ...provider, kubernetes } } };
}

function withListener(gateway: k8s.Gateway): k8s.Gateway {
  const { listeners, ...spec } = gateway.spec;
  const https = listeners.find(({ name }) => name === 'https');
  if (https === undefined) throw new Error('The gateway has no listener for HTTPS');
  const outside = { ...https, name: OUTSIDE, port: OUTSIDE_PORT };
  return { ...gateway, spec: { ...spec, listeners: [...listeners, outside] } };
}

function onBoth(route: k8s.HTTPRoute): k8s.HTTPRoute {
  const { spec } = route;
  const { parentRefs = [] } = spec;
  const more = parentRefs
    .filter(({ sectionName }) => sectionName === 'https')
    .map((parent) => ({ ...parent, sectionName: OUTSIDE }));
  return { ...route, spec: { ...spec, parentRefs: [...parentRefs, ...more] } };
}

/** Anybody of the network reaches what is for inside, and the balancer what is for outside. */
function fromBalancer(
  policy: k8s.NetworkPolicy,
  { settings: { aws } }: OutsidePlace,
): k8s.NetworkPolicy {
  const { spec } = policy;
  const { network } = aws;
  const ofBalancer =
    'existing' in network
      ? [network.cidr]
      : Object.values(network.zones).map((zone) => zone.public);
  const from = (networks: readonly string[], port: number) => ({
    from: networks.map((cidr) => ({ ipBlock: { cidr } })),
    ports: [{ protocol: 'TCP' as const, port }],
  });
  const scrapes = (spec.ingress ?? []).filter((rule) => (rule.from ?? []).length > 0);
  const ingress = [
    from([network.cidr], HTTPS_LISTENER_PORT),
    from(ofBalancer, OUTSIDE_PORT),
    ...scrapes,
  ];
  return { ...policy, spec: { ...spec, ingress } };
}

/** What a client of the outside has to show, on top of what holds for any. */
export function outsideTraffic(
  any: k8s.ClientTrafficPolicy,
  place: OutsidePlace,
): k8s.ClientTrafficPolicy {
  const { settings, edge } = place;
  const { spec } = any;
  const { originPullAuthorities } = settings.aws.cloudflare;
  const clientValidation = {
    caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: authorities(place) }],
  };
  return {
    ...any,
    metadata: { ...any.metadata, name: `${edge}-${OUTSIDE}` },
    spec: {
      ...spec,
      targetRefs: [
        {
          group: 'gateway.networking.k8s.io',
          kind: 'Gateway',
          name: edge,
          sectionName: OUTSIDE,
        },
      ],
      // A request without it did not come by Cloudflare.
      clientIPDetection: { customHeader: { name: CLIENT_HEADER, failClosed: true } },
      // Without any authority a deployment is refused (../../aws/undeployable.ts).
      ...(originPullAuthorities.length === 0 ? {} : { tls: { ...spec.tls, clientValidation } }),
    },
  };
}

/** What there is for the outside alone. */
export function outsideObjects(place: OutsidePlace): readonly Manifest[] {
  const { edge, namespace, settings, targetGroup } = place;
  const { originPullAuthorities } = settings.aws.cloudflare;
  return [
    ...(originPullAuthorities.length === 0
      ? []
      : [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: authorities(place), namespace },
            data: { 'ca.crt': `${originPullAuthorities.map((one) => one.trim()).join('\n')}\n` },
          } satisfies k8s.ConfigMap,
        ]),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: service(place),
        namespace,
        // The proxies come later.
        annotations: { 'pulumi.com/skipAwait': 'true' },
      },
      spec: {
        type: 'ClusterIP',
        selector: { ...proxyLabels({ edge, namespace }) },
        ports: [{ name: 'https', port: HTTPS, targetPort: OUTSIDE_PORT, protocol: 'TCP' }],
      },
    } satisfies k8s.Service,
    {
      apiVersion: 'elbv2.k8s.aws/v1beta1',
      kind: 'TargetGroupBinding',
      // Another group has another one: what a TargetGroupBinding is bound to is never changed.
      // Source: AWS Load Balancer Controller, webhooks/elbv2/targetgroupbinding_validator.go, checkImmutableFields
      metadata: { name: targetGroup, namespace },
      spec: {
        // By its name and not its number, which nobody knows before it is made.
        targetGroupName: targetGroup,
        targetType: 'ip',
        ipAddressType: 'ipv4',
        serviceRef: { name: service(place), port: HTTPS },
      },
    } satisfies k8s.TargetGroupBinding,
  ];
}
