import type { ObjectReference } from '../../providers/cluster/api/api-kinds.ts';
import type { Step } from './differences.ts';
import { pathText } from './differences.ts';

/** A field that somebody else than the deployment writes, in what the deployment declares. */
export interface ExpectedWriter {
  readonly kinds: readonly string[];
  /** Of the path as it is written. */
  readonly path: RegExp;
  /** Of the field's manager. */
  readonly manager: RegExp;
  readonly reason: string;
}

/**
 * All others that write to fields of what is declared. Many more write beside them, such as finalizers, annotations, the status
 * and certificates of webhooks: who applies an object does not ask for these, and where all is compared, they are
 * not compared (object-drift.ts).
 */
export const EXPECTED_WRITERS: readonly ExpectedWriter[] = [
  {
    kinds: ['Service'],
    path: /^spec\.selector\.rollouts-pod-template-hash$/,
    manager: /^rollouts-controller$/,
    reason:
      'Argo Rollouts leads the Services of a service to the pods of a release (argo-rollouts 1.10.1, rollout/service.go, switchServiceSelector)',
  },
  {
    kinds: ['Rollout'],
    path: /^spec\.replicas$/,
    manager: /^(kube-controller-manager|rollouts-controller)$/,
    reason:
      'the autoscaler that KEDA makes sets the size (kubernetes 1.36, pkg/controller/podautoscaler/horizontal.go)',
  },
  {
    kinds: ['ClusterRole'],
    path: /^rules(\[|$)/,
    manager: /^(clusterrole-aggregation-controller|kube-controller-manager)$/,
    reason:
      'Kubernetes fills roles that say which others they are made of (pkg/controller/clusterroleaggregation)',
  },
  {
    kinds: [
      'ValidatingWebhookConfiguration',
      'MutatingWebhookConfiguration',
      'CustomResourceDefinition',
      'APIService',
    ],
    path: /(^|\.)caBundle$/,
    manager: /^(cainjector|cert-manager-cainjector|keda|keda-operator|manager|elastic-operator)$/,
    reason:
      'who serves a webhook says by which authority it is known: cert-manager, KEDA, CloudNativePG and ECK renew theirs',
  },
];

/** Objects of the kinds that are compared as a whole which operators make for what is declared. */
export interface ExpectedObject {
  readonly kinds: readonly string[];
  /** Kind, and its group, of the declared object that owns them. */
  readonly owner: { readonly group: string; readonly kinds: readonly string[] };
  readonly reason: string;
}

/** All operators that make such objects, in the owner's name. */
export const EXPECTED_OBJECTS: readonly ExpectedObject[] = [
  {
    kinds: ['Role', 'RoleBinding'],
    owner: { group: 'postgresql.cnpg.io', kinds: ['Cluster'] },
    reason:
      'what an instance of PostgreSQL may read (cloudnative-pg 1.30.1, internal/controller/cluster_create.go)',
  },
  {
    kinds: ['Role', 'RoleBinding', 'NetworkPolicy'],
    owner: { group: 'kafka.strimzi.io', kinds: ['Kafka'] },
    reason:
      'what the operators of users and topics may do, and who reaches them (Strimzi 1.2.0, EntityOperator.java)',
  },
];

/**
 * What Strimzi calls the binding by which a broker may read its node's zone; none of the whole cluster can be owned.
 * Source: Strimzi 1.2.0, KafkaResources.java, initContainerClusterRoleBindingName
 */
export function brokerZonesBinding({ namespace = '', name }: ObjectReference): string {
  return `strimzi-${namespace}-${name}-kafka-init`;
}

/** Why somebody may have written a field; undefined where nobody is meant to. */
export function expectedReason(
  kind: string,
  path: readonly Step[],
  manager: string,
): string | undefined {
  const text = pathText(path);
  return EXPECTED_WRITERS.find(
    (expected) =>
      expected.kinds.includes(kind) && expected.path.test(text) && expected.manager.test(manager),
  )?.reason;
}
