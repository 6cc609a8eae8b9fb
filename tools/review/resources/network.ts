import { fieldsOf, listOf, objectsIn, textOf, valueAt, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';
import { missingIn, short } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import type { ObjectChange } from './object-change.ts';

/** Who is meant by no peer at all. */
const ANYBODY = 'anybody';
/** Every address there is. Source: RFC 4632, RFC 4291. */
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0']);
/** What the proxies of the edge carry, which are there for everybody. Source: Envoy Gateway 1.9, internal/gatewayapi/resource. */
const OF_PROXIES = 'gateway.envoyproxy.io/owning-gateway-name';
/** The label by which Kubernetes names a namespace. Source: Kubernetes, "Well-Known Labels". */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Connections that a NetworkPolicy lets be made, such as 'search → payments :8443'. */
interface Allowed {
  readonly flows: readonly string[];
  /** Directions in which pods that no other policy names are shut. */
  readonly shut: readonly string[];
}

/** Who may connect to whom: each connection that a NetworkPolicy adds or takes away, in words. */
export const networkPolicy: Aspect = {
  field: /^spec\b/,
  isOfWholes: true,
  tell: (change) => {
    const [before, after] = [allowedBy(change.before), allowedBy(change.after)];
    const toProxies = OF_PROXIES in selected(fieldsOf(change.after?.['spec'])['podSelector']);
    const added = missingIn(after.flows, before.flows);
    return [
      ...(added.length > ONE_BY_ONE && !added.some(isFromAnybody)
        ? [together('network-opened', 'connections arrive there that did not', added)]
        : added.map((flow) => opened(flow, toProxies))),
      ...closings(missingIn(before.flows, after.flows)),
      ...missingIn(before.shut, after.shut).map((pods) => unshut(pods)),
      ...missingIn(after.shut, before.shut).map((pods) => closed(`anybody → ${pods}`)),
    ];
  },
};

/** How many connections are told one by one. */
const ONE_BY_ONE = 3;

function isFromAnybody(flow: string): boolean {
  return flow.startsWith(`${ANYBODY} → `);
}

function closings(flows: readonly string[]): readonly Told[] {
  return flows.length > ONE_BY_ONE
    ? [together('network-closed', 'whoever still makes them gets no answer', flows)]
    : flows.map(closed);
}

function together(kind: ChangeKind, consequence: string, flows: readonly string[]): Told {
  return { kind, property: flows.join(', '), consequence };
}

function opened(flow: string, toProxies: boolean): Told {
  const isOpen = isFromAnybody(flow) && !toProxies;
  return {
    kind: isOpen ? 'newly-reachable' : 'network-opened',
    subject: flow,
    among: 'connections',
    consequence: isOpen
      ? 'whatever can send a packet there gets in'
      : 'connections arrive there that did not',
  };
}

function closed(flow: string): Told {
  return {
    kind: 'network-closed',
    subject: flow,
    among: 'connections',
    consequence: 'whoever still makes them gets no answer',
  };
}

function unshut(pods: string): Told {
  return {
    kind: 'newly-reachable',
    subject: `${ANYBODY} → ${pods}`,
    among: 'connections',
    consequence: 'pods that no other policy names are open to everybody',
  };
}

function allowedBy(policy: Fields | undefined): Allowed {
  if (policy === undefined) return { flows: [], shut: [] };
  const spec = fieldsOf(policy['spec']);
  const namespace = textOf(valueAt(policy, 'metadata.namespace'));
  const pods = podsText(spec['podSelector'], namespace, namespace);
  const into = objectsIn(spec['ingress']).flatMap((rule) =>
    flowsOf(rule, 'from', namespace).map(([peer, port]) => `${peer} → ${pods}${port}`),
  );
  const outOf = objectsIn(spec['egress']).flatMap((rule) =>
    flowsOf(rule, 'to', namespace).map(([peer, port]) => `${pods} → ${peer}${port}`),
  );
  const types = listOf(spec['policyTypes']).map(wordOf);
  return {
    flows: [...into, ...outOf],
    // A policy of some pods shuts them too, but those are shut by that of their whole namespace already.
    shut: isOfAll(spec['podSelector'])
      ? types.map((type) => (type === 'Ingress' ? pods : `outside of ${pods}`))
      : [],
  };
}

function flowsOf(
  rule: Fields,
  side: 'from' | 'to',
  namespace: string,
): readonly (readonly [peer: string, port: string])[] {
  const peers = objectsIn(rule[side]);
  const told = peers.length === 0 ? [ANYBODY] : peers.map((peer) => peerText(peer, namespace));
  const ports = objectsIn(rule['ports']).map(
    ({ port, endPort, protocol }) =>
      ` :${textOf(port) || wordOf(port)}${endPort === undefined ? '' : `-${short(endPort)}`}${protocol === undefined || protocol === 'TCP' ? '' : `/${textOf(protocol)}`}`,
  );
  return told.flatMap((peer) =>
    (ports.length === 0 ? [' at every port'] : ports).map((port) => [peer, port] as const),
  );
}

function peerText({ ipBlock, podSelector, namespaceSelector }: Fields, namespace: string): string {
  if (ipBlock !== undefined) {
    const { cidr, except } = fieldsOf(ipBlock);
    const but = listOf(except).map(wordOf);
    if (EVERYWHERE.has(wordOf(cidr)) && but.length === 0) return ANYBODY;
    return `${wordOf(cidr)}${but.length === 0 ? '' : ` but ${but.join(', ')}`}`;
  }
  if (namespaceSelector === undefined) return podsText(podSelector, namespace, namespace);
  const { [NAMESPACE_NAME]: named, ...others } = selected(namespaceSelector);
  const isByNameAlone = typeof named === 'string' && Object.keys(others).length === 0;
  const wanted =
    isByNameAlone && expressions(namespaceSelector).length === 0
      ? named
      : `namespaces with ${labelsText(namespaceSelector)}`;
  return podsText(podSelector, wanted, namespace);
}

/** Pods by the name of what they are, and by their labels where they have none. */
function podsText(selector: unknown, place: string, home: string): string {
  const { 'app.kubernetes.io/name': name } = selected(selector);
  const elsewhere = place === home ? '' : ` in ${place}`;
  if (typeof name === 'string' && expressions(selector).length === 0) return `${name}${elsewhere}`;
  if (isOfAll(selector)) {
    return `every pod in ${place === '' ? 'the namespace' : place}`;
  }
  return `pods with ${labelsText(selector)}${elsewhere}`;
}

function isOfAll(selector: unknown): boolean {
  return Object.keys(selected(selector)).length === 0 && expressions(selector).length === 0;
}

function labelsText(selector: unknown): string {
  const labels = Object.entries(selected(selector)).map(
    ([name, value]) => `${name}=${wordOf(value)}`,
  );
  const texts = [...labels, ...expressions(selector)].toSorted();
  return texts.length === 0 ? 'any label' : texts.join(', ');
}

function expressions(selector: unknown): readonly string[] {
  return objectsIn(fieldsOf(selector)['matchExpressions']).map(
    ({ key, operator, values }) => `${wordOf(key)} ${wordOf(operator)} ${listOf(values).join('|')}`,
  );
}

function selected(selector: unknown): Fields {
  return fieldsOf(fieldsOf(selector)['matchLabels']);
}

const EXPOSING: ReadonlySet<string> = new Set(['LoadBalancer', 'NodePort']);

/** What of a Service leads into the cluster from outside. */
export const serviceExposure: Aspect = {
  field: /^spec\.(?:type|externalIPs|loadBalancerSourceRanges)\b/,
  isOfWholes: true,
  tell: ({ before, after }) => {
    const [was, is] = [exposureOf(before), exposureOf(after)];
    return [
      ...missingIn(is, was).map((way): Told => ({
        kind: 'newly-reachable',
        property: way,
        consequence: 'requests come in without the edge: no sign-in, no limits, no access log',
      })),
      ...missingIn(was, is).map((way): Told => ({
        kind: 'network-closed',
        property: way,
        consequence: 'whoever comes that way is refused',
      })),
    ];
  },
};

function exposureOf(service: Fields | undefined): readonly string[] {
  const { type, externalIPs, loadBalancerSourceRanges } = fieldsOf(service?.['spec']);
  const isExposed = EXPOSING.has(wordOf(type));
  const ranges = listOf(loadBalancerSourceRanges).map((range) => `from ${wordOf(range)}`);
  return [
    ...(isExposed ? [`type ${wordOf(type)}`] : []),
    ...listOf(externalIPs).map((address) => `address ${wordOf(address)}`),
    ...(type === 'LoadBalancer' ? (ranges.length === 0 ? ['from everywhere'] : ranges) : []),
  ];
}

/** An Ingress, which no stack of this program has: each of its hosts is a way in. */
export const ingress: Aspect = {
  field: /^spec\b/,
  isOfWholes: true,
  tell: (change) => ways(change, ingressWays, 'it leads around the edge'),
};

function ingressWays(object: Fields | undefined): readonly string[] {
  if (object === undefined) return [];
  const rules = objectsIn(valueAt(object, 'spec.rules'));
  const named = rules.map(({ host }) => `host ${textOf(host) || 'any'}`);
  return valueAt(object, 'spec.defaultBackend') === undefined ? named : [...named, 'host any'];
}

/** Ways in that are there on one side alone. */
export function ways(
  { before, after }: ObjectChange,
  waysOf: (object: Fields | undefined) => readonly string[],
  consequence: string,
): readonly Told[] {
  return [
    ...missingIn(waysOf(after), waysOf(before)).map((property): Told => ({
      kind: 'newly-reachable',
      property,
      consequence,
    })),
    ...missingIn(waysOf(before), waysOf(after)).map((property): Told => ({
      kind: 'network-closed',
      property,
      consequence: 'whoever comes that way is refused',
    })),
  ];
}
