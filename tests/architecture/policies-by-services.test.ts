import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '@meridian/components/kubernetes/manifest.ts';
import { objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { stack } from '../charts/lowered-prod.ts';

type Labels = Readonly<Record<string, string>>;

interface Peer {
  readonly namespaceSelector?: { readonly matchLabels?: Labels };
  readonly podSelector?: { readonly matchLabels?: Labels };
}

/** A policy of the network, as far as it says where pods may go. */
interface Leaving {
  readonly egress?: readonly { readonly to?: readonly Peer[] }[];
}

/** A Service, as far as it says which pods are behind it. */
interface Selecting {
  readonly clusterIP?: string;
  readonly selector?: Labels;
}

const objects: readonly ClusterObject[] = objectsOf(stack);

/**
 * Services whose pods a rule lets in and whose own address it does not: EKS knows a Service by its selector alone, which has to
 * have every label that the rule asks for. Source: aws/amazon-network-policy-controller-k8s, pkg/resolvers/endpoints.go,
 * getMatchingServiceClusterIPs, and its issue 224
 */
function unreachable(among: readonly ClusterObject[]): readonly string[] {
  const services = among.flatMap((object) => {
    const { clusterIP, selector = {} } = (object['spec'] ?? {}) as Selecting;
    return object.kind === 'Service' && clusterIP !== 'None' ? [{ ...object, selector }] : [];
  });
  return among
    .filter(({ kind }) => /^NetworkPolicy$/.test(kind))
    .flatMap(({ metadata, spec }) =>
      ((spec as Leaving).egress ?? []).flatMap(({ to = [] }) =>
        to.flatMap(({ namespaceSelector, podSelector }) => {
          const asked = Object.entries(podSelector?.matchLabels ?? {});
          const namespace =
            namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] ?? metadata.namespace;
          return services
            .filter((service) => service.metadata.namespace === namespace)
            .filter(
              ({ selector }) =>
                asked.some(([label, value]) => selector[label] === value) &&
                asked.every(([label, value]) => [undefined, value].includes(selector[label])) &&
                asked.some(([label]) => selector[label] === undefined),
            )
            .map((service) => `${metadata.name} to ${service.metadata.name}`);
        }),
      ),
    );
}

describe('policies of production, as EKS applies them', () => {
  test('lead to every Service whose pods they lead to', () => {
    expect(unreachable(objects)).toEqual([]);
  });

  test('would not to one whose selector has fewer labels than the rule', () => {
    const meta = { name: 'other', namespace: 'n' };
    const service = { apiVersion: 'v1', kind: 'Service', metadata: meta };
    const matchLabels = { app: 'a', part: 'b' };
    const policy = {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: meta },
      spec: { egress: [{ to: [{ podSelector: { matchLabels } }] }] },
    };
    expect(unreachable([policy, { ...service, spec: { selector: { app: 'a' } } }])).toEqual([
      'other to other',
    ]);
    expect(unreachable([policy, { ...service, spec: { selector: matchLabels } }])).toEqual([]);
  });
});
