import type { IValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import type { IValidatingAdmissionPolicyBinding } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import {
  assignedIssuer,
  CERT_MANAGER_ACCOUNT,
  CERT_MANAGER_NAMESPACE,
  enginesIssuer,
  ownEdgeIssuer,
  rootIssuer,
  selfSignedIssuer,
  servicesIssuer,
  SPIFFE_DRIVER_ACCOUNT,
  SPIFFE_DRIVER_NAMESPACE,
  telemetryIssuer,
} from './issuers.ts';

/** Who may ask an issuer for a certificate, and from where. */
interface Issuance {
  readonly issuer: string;
  /** Name of a user, as the API server knows it. */
  readonly requester: string;
  readonly namespaces: readonly string[];
}

/**
 * Who may ask which issuer. A ClusterIssuer is there for every namespace, and approvers see what is
 * asked for but not that it was asked for elsewhere; so the API server refuses the request itself.
 */
export function issuancePolicy(context: KubernetesContext): readonly Manifest[] {
  const { name } = context.graph;
  const metadata = {
    name: `${name}-issuance`,
    labels: { 'app.kubernetes.io/part-of': name },
  };
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata,
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['cert-manager.io'],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['certificaterequests'],
          },
        ],
      },
      matchConditions: [
        {
          name: 'of-a-cluster-issuer',
          expression:
            "has(object.spec.issuerRef.kind) && object.spec.issuerRef.kind == 'ClusterIssuer'",
        },
      ],
      validations: issuances(context).map(validation),
    },
  } satisfies IValidatingAdmissionPolicy;
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata,
    spec: { policyName: metadata.name, validationActions: ['Deny'] },
  } satisfies IValidatingAdmissionPolicyBinding;
  return [policy, binding];
}

function issuances({ graph, settings }: KubernetesContext): readonly Issuance[] {
  const { data, edge, nodeLogs, observability } = settings.namespaces;
  const requester = account(CERT_MANAGER_NAMESPACE, CERT_MANAGER_ACCOUNT);
  return [
    {
      issuer: servicesIssuer(graph),
      requester: account(SPIFFE_DRIVER_NAMESPACE, SPIFFE_DRIVER_ACCOUNT),
      namespaces: [graph.namespace],
    },
    {
      issuer: assignedIssuer(graph),
      requester,
      namespaces: [graph.namespace, edge, observability],
    },
    { issuer: enginesIssuer(graph), requester, namespaces: [graph.namespace, data] },
    {
      issuer: telemetryIssuer(graph),
      requester,
      namespaces: [graph.namespace, observability, nodeLogs],
    },
    { issuer: ownEdgeIssuer(graph), requester, namespaces: [edge] },
    ...[selfSignedIssuer(graph), rootIssuer(graph)].map((issuer) => ({
      issuer,
      requester,
      namespaces: [CERT_MANAGER_NAMESPACE],
    })),
  ];
}

/** A rule in CEL. Source: Kubernetes, "Validating Admission Policy". */
function validation({ issuer, requester, namespaces }: Issuance) {
  const allowed = namespaces.map((namespace) => `'${namespace}'`).join(', ');
  return {
    expression: `object.spec.issuerRef.name != '${issuer}' || (request.userInfo.username == '${requester}' && request.namespace in [${allowed}])`,
    message: `ClusterIssuer '${issuer}': must be asked by ${requester} in ${allowed}`,
    reason: 'Forbidden',
  };
}

function account(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}
