import { assignedCertificate } from '../../certificates/assigned-certificate.ts';
import { issuerReference } from '../../certificates/authorities.ts';
import { telemetryIssuer } from '../../certificates/issuers.ts';
import { leafCertificate } from '../../certificates/leaf-certificate.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { COLLECTOR_IDENTITY, METRICS_IDENTITY_FOLDER, telemetryName } from '../telemetry-names.ts';
import { partHost, partNamespace, prometheusReplicas, TELEMETRY_PARTS } from './parts.ts';
import type { TelemetryPart } from './parts.ts';

/** Read again when it is renewed, by everything that has one of these. */
export const SHORT_LIFETIME = { duration: '1h0m0s', renewBefore: '30m0s' } as const;

/** Grafana reads what it shows to stores at its start alone. */
const LONG_LIFETIME = { duration: '8760h0m0s', renewBefore: '2920h0m0s' } as const;

const READ_ONCE: readonly TelemetryPart[] = ['grafana'];

/** The Secret of a part, with which it serves and asks other parts: tls.crt, tls.key and ca.crt. */
export function partSecret(part: TelemetryPart): string {
  return `${part}-telemetry-tls`;
}

/** The Secret with which the collectors prove to services who they are, and by which services know them. */
export const COLLECTOR_SECRET = `${COLLECTOR_IDENTITY}-identity`;

/** The Secret with which a service serves its metrics. */
export function metricsSecret(service: string): string {
  return `${service}-${METRICS_IDENTITY_FOLDER}`;
}

/** The certificates of all parts, and the identity of the collectors. */
export function partCertificates({ graph, settings }: KubernetesContext): readonly Manifest[] {
  return [
    ...TELEMETRY_PARTS.map((part) =>
      telemetryCertificate(graph, {
        namespace: partNamespace(settings, part),
        secret: partSecret(part),
        dnsNames: [
          partHost(settings, part),
          ...(part === 'prometheus' ? prometheusReplicas(settings) : []),
        ],
        usages: ['digital signature', 'server auth', 'client auth'],
        lifetime: READ_ONCE.includes(part) ? LONG_LIFETIME : SHORT_LIFETIME,
      }),
    ),
    assignedCertificate(graph, {
      namespace: settings.namespaces.observability,
      identity: COLLECTOR_IDENTITY,
      secret: COLLECTOR_SECRET,
      key: { algorithm: 'ECDSA', size: 256 },
      usages: ['digital signature', 'server auth', 'client auth'],
    }),
  ];
}

/** With what each service serves its metrics: one name, which is all that a program in Go checks. */
export function metricsCertificates({ graph }: KubernetesContext): readonly Manifest[] {
  return graph.services.map(({ name }) =>
    telemetryCertificate(graph, {
      namespace: graph.namespace,
      secret: metricsSecret(name),
      dnsNames: [telemetryName(name)],
      usages: ['digital signature', 'server auth'],
      lifetime: SHORT_LIFETIME,
    }),
  );
}

interface TelemetryCertificateProps {
  readonly namespace: string;
  readonly secret: string;
  readonly dnsNames: readonly string[];
  readonly usages: NonNullable<NonNullable<k8s.Certificate['spec']>['usages']>;
  readonly lifetime: Pick<NonNullable<k8s.Certificate['spec']>, 'duration' | 'renewBefore'>;
}

/** A certificate of the authority that is for telemetry alone. */
export function telemetryCertificate(
  graph: PlatformGraph,
  { namespace, secret, dnsNames, usages, lifetime }: TelemetryCertificateProps,
): Manifest {
  return leafCertificate(graph, {
    namespace,
    secret,
    issuer: issuerReference(telemetryIssuer(graph)),
    spec: { ...lifetime, dnsNames: [...dnsNames], usages },
  });
}
