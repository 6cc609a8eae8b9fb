import { admissionPolicy } from '../kubernetes/admission-policy.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import type { PlatformGraph } from '../model/graph.ts';
import {
  assignedIssuer,
  CERT_MANAGER_ACCOUNT,
  CERT_MANAGER_NAMESPACE,
  enginesIssuer,
  ownEdgeIssuer,
  rootIssuer,
  selfSignedIssuer,
  servicesIssuer,
  telemetryIssuer,
} from './issuers.ts';

/** Where cert-manager may ask an issuer for a certificate, because there is a Certificate. */
interface Issuance {
  readonly issuer: string;
  readonly namespaces: readonly string[];
}

/** A rule in CEL. Source: Kubernetes, "Validating Admission Policy". */
interface Rule {
  readonly expression: string;
  readonly message: string;
  readonly reason: 'Forbidden';
}

/**
 * Who may ask which issuer. A ClusterIssuer is there for every namespace, and approvers see what is
 * asked for but not that it was asked for elsewhere; so the API server refuses the request itself. What the
 * request asks for is X.509, which CEL cannot read: approvers do.
 */
export function issuancePolicy(context: KubernetesContext): readonly Manifest[] {
  const { name } = context.graph;
  return admissionPolicy(`${name}-issuance`, {
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
    variables: [
      {
        name: 'clusterIssuer',
        expression:
          "has(object.spec.issuerRef.kind) && object.spec.issuerRef.kind == 'ClusterIssuer' ? object.spec.issuerRef.name : ''",
      },
    ],
    validations: [...identityRules(context.graph), ...issuances(context).map(issuanceRule)],
  });
}

/** Every issuer that issues what a Certificate says. */
function issuances({ graph, settings }: KubernetesContext): readonly Issuance[] {
  const { data, edge, nodeLogs, observability } = settings.namespaces;
  return [
    { issuer: assignedIssuer(graph), namespaces: [graph.namespace, edge, observability] },
    { issuer: enginesIssuer(graph), namespaces: [graph.namespace, data] },
    { issuer: telemetryIssuer(graph), namespaces: [graph.namespace, observability, nodeLogs] },
    { issuer: ownEdgeIssuer(graph), namespaces: [edge] },
    ...[selfSignedIssuer(graph), rootIssuer(graph)].map((issuer) => ({
      issuer,
      namespaces: [CERT_MANAGER_NAMESPACE],
    })),
  ];
}

function issuanceRule({ issuer, namespaces }: Issuance): Rule {
  const requester = `${accounts(CERT_MANAGER_NAMESPACE)}${CERT_MANAGER_ACCOUNT}`;
  const allowed = namespaces.map((namespace) => `'${namespace}'`).join(', ');
  return {
    expression: `variables.clusterIssuer != '${issuer}' || (request.userInfo.username == '${requester}' && request.namespace in [${allowed}])`,
    message: `ClusterIssuer '${issuer}': must be asked by ${requester} in ${allowed}`,
    reason: 'Forbidden',
  };
}

/**
 * Pods of services ask for their own identities, which is to be of no use for anything else: no other issuer of the cluster,
 * whoever it belongs to, answers their accounts, and the name that the approver compares is that of who asks.
 */
function identityRules(graph: PlatformGraph): readonly Rule[] {
  const issuer = servicesIssuer(graph);
  const pods = accounts(graph.namespace);
  return [
    {
      expression: `variables.clusterIssuer != '${issuer}' || (request.userInfo.username.startsWith('${pods}') && request.namespace in ['${graph.namespace}'])`,
      message: `ClusterIssuer '${issuer}': must be asked by a ServiceAccount of '${graph.namespace}' there`,
      reason: 'Forbidden',
    },
    {
      expression: `!request.userInfo.username.startsWith('${pods}') || variables.clusterIssuer == '${issuer}'`,
      message: `ServiceAccounts of '${graph.namespace}' must ask ClusterIssuer '${issuer}' and no other`,
      reason: 'Forbidden',
    },
    {
      expression:
        "!has(object.spec.username) || object.spec.username in ['', request.userInfo.username]",
      message: 'spec.username: must be the name of whoever asks, or left to cert-manager',
      reason: 'Forbidden',
    },
  ];
}

/** What the names of a namespace's ServiceAccounts begin with, as the API server knows them. */
function accounts(namespace: string): string {
  return `system:serviceaccount:${namespace}:`;
}
