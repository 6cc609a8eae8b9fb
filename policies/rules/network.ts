import { fieldsOf, hasLabels, listOf, objectsIn, shown, valueAt, wordOf } from '../fields.ts';
import { podTemplate } from '../pods.ts';
import type { ClusterObject, Fields, ObjectRule, StackRule } from '../rule.ts';

/** Every address there is. Source: RFC 4632, RFC 4291. */
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

export const everyPodHasANetworkPolicy: StackRule = {
  id: 'every-pod-has-a-network-policy',
  statement:
    'Every namespace with pods of ours denies by default, and a policy of its own names every pod',
  reason: 'whatever breaks into one pod reaches all others',
  fix: 'components/cluster/default-deny.ts, and the NetworkPolicy of the noun',
  problemsAmong: (objects) => {
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    return objects.flatMap((object) => {
      const pod = podTemplate(object);
      if (pod === undefined) return [];
      const inNamespace = policies.filter(({ namespace }) => namespace === object.namespace);
      const denied = inNamespace.some((policy) => isDefaultDeny(policy));
      const named = inNamespace.some(
        (policy) => !isOfAll(policy) && hasLabels(pod.labels, labelsSelected(policy.fields)),
      );
      return [
        ...(denied
          ? []
          : [{ object, problem: `namespace '${object.namespace}' denies nothing by default` }]),
        ...(named ? [] : [{ object, problem: 'no NetworkPolicy names its pods' }]),
      ];
    });
  },
};

function labelsSelected(policy: Fields): Fields {
  return fieldsOf(valueAt(policy, 'spec.podSelector.matchLabels'));
}

function isOfAll(policy: ClusterObject): boolean {
  const selector = fieldsOf(valueAt(policy.fields, 'spec.podSelector'));
  return (
    Object.keys(labelsSelected(policy.fields)).length === 0 &&
    listOf(selector['matchExpressions']).length === 0
  );
}

function isDefaultDeny(policy: ClusterObject): boolean {
  const types = listOf(valueAt(policy.fields, 'spec.policyTypes'));
  return (
    isOfAll(policy) &&
    ['Ingress', 'Egress'].every((type) => types.includes(type)) &&
    listOf(valueAt(policy.fields, 'spec.ingress')).length === 0
  );
}

/** What Envoy Gateway's proxies carry, which are there for everybody. Source: Envoy Gateway 1.9, internal/gatewayapi/resource. */
const OF_PROXIES = 'gateway.envoyproxy.io/owning-gateway-name';

export const nothingIsOpenToEverybody: ObjectRule = {
  id: 'nothing-is-open-to-everybody',
  statement:
    'A NetworkPolicy names from where connections may come, but to the proxies of the edge',
  reason: 'an empty list of peers means anybody, in the cluster and outside',
  fix: 'the peers of the policy',
  problemsOf: ({ kind, fields }) => {
    if (kind !== 'NetworkPolicy' || OF_PROXIES in labelsSelected(fields)) return [];
    return objectsIn(valueAt(fields, 'spec.ingress')).flatMap(({ from, ports }) => {
      const peers = objectsIn(from);
      const isOpen =
        peers.length === 0 ||
        peers.some((peer) => EVERYWHERE.includes(wordOf(valueAt(peer, 'ipBlock.cidr'))));
      const told = objectsIn(ports).map(({ port }) => wordOf(port));
      return isOpen
        ? [`lets anybody in at ${told.length === 0 ? 'every port' : `port ${told.join(', ')}`}`]
        : [];
    });
  },
};

const EXPOSING = ['LoadBalancer', 'NodePort'];

export const nothingBypassesTheEdge: ObjectRule = {
  id: 'nothing-bypasses-the-edge',
  statement: 'No Service or Ingress leads from outside of the cluster to pods, but the Gateway',
  reason: 'requests would come in without the edge: no TLS, no limits, no access log',
  fix: 'a route of the service (docs/adding-a-service.md)',
  problemsOf: ({ kind, fields }) => {
    if (kind === 'Ingress') return ['leads around the edge'];
    const type = valueAt(fields, 'spec.type');
    return kind === 'Service' && EXPOSING.includes(wordOf(type))
      ? [`is of type ${shown(type)}`]
      : [];
  },
};
