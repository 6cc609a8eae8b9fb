import {
  engineClientCertificate,
  engineServerCertificate,
} from '../../certificates/engine-certificate.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { databaseGrants } from '../../model/grants.ts';
import { monitorCertificate } from '../../observability/engines/cluster-monitor.ts';
import { POSTGRES_IDENTITY_FOLDER } from '../postgres-binding.ts';
import {
  MIGRATOR_COMMON_NAME,
  MIGRATOR_SECRET,
  REPLICATION_ROLE,
  REPLICATION_SECRET,
  SERVER_SECRET,
  serverNames,
} from './names.ts';

/** Those of the server, of its replication, of the migrations, of each service with a database and of the monitor. */
export function postgresCertificates(context: KubernetesContext): readonly Manifest[] {
  const { graph, settings } = context;
  const { data } = settings.namespaces;
  const services = new Map(
    databaseGrants(graph).map(({ service, serviceRole }) => [service, serviceRole]),
  );
  return [
    reloaded(
      engineServerCertificate(context, {
        namespace: data,
        secret: SERVER_SECRET,
        commonName: graph.name,
        dnsNames: serverNames(context),
      }),
    ),
    reloaded(dataClient(context, REPLICATION_SECRET, REPLICATION_ROLE)),
    dataClient(context, MIGRATOR_SECRET, MIGRATOR_COMMON_NAME),
    ...[...services].map(([service, commonName]) =>
      engineClientCertificate(context, {
        service,
        secret: `${service}-${POSTGRES_IDENTITY_FOLDER}`,
        commonName,
      }),
    ),
    monitorCertificate(context, POSTGRES_IDENTITY_FOLDER),
  ];
}

/** A client's, for a program that runs beside the server. */
function dataClient(
  context: KubernetesContext,
  secret: string,
  commonName: string,
): k8s.Certificate {
  const props = { service: 'postgres', secret, commonName };
  const certificate = engineClientCertificate(context, props);
  const namespace = context.settings.namespaces.data;
  return { ...certificate, metadata: { ...certificate.metadata, namespace } };
}

/** CloudNativePG reads a renewed Secret again if it carries its label. */
function reloaded(certificate: k8s.Certificate): k8s.Certificate {
  return {
    ...certificate,
    spec: { ...certificate.spec, secretTemplate: { labels: { 'cnpg.io/reload': 'true' } } },
  };
}
