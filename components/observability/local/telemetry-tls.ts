import { spiffeId } from '@meridian/language/spiffe-id.ts';
import type { IdentitySpec } from '@meridian/provider-local/process-spec.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import type { TelemetryPart } from '../local-places.ts';
import { telemetryName } from '../telemetry-names.ts';

/** The folder of each part's certificate, by which it serves and asks others. */
export const TELEMETRY_TLS_FOLDER = 'tls';

/** The certificate of a part of telemetry: Go programs know each other by name, ours by SPIFFE ID. */
export function telemetryIdentity(
  graph: PlatformGraph,
  part: TelemetryPart,
  address: string,
): IdentitySpec {
  return {
    folder: TELEMETRY_TLS_FOLDER,
    uris: [spiffeId(graph, part)],
    commonName: part,
    dnsNames: [telemetryName(part)],
    addresses: [address],
    usages: ['server', 'client'],
  };
}

/** Last part of the SPIFFE ID by which a person asks the stores, with the commands of this machine. */
export const OPERATOR_IDENTITY = 'operator';

/** The folder of the operator's certificate, among those of the process that keeps it for the commands. */
export const OPERATOR_TLS_FOLDER = 'operator-tls';

/** The certificate of a person's commands: it asks, and nobody can be asked by it. */
export function operatorIdentity(graph: PlatformGraph): IdentitySpec {
  return {
    folder: OPERATOR_TLS_FOLDER,
    uris: [spiffeId(graph, OPERATOR_IDENTITY)],
    commonName: OPERATOR_IDENTITY,
    dnsNames: [],
    addresses: [],
    usages: ['client'],
  };
}

/** Paths of a part's key, chain and root, as texts of JSON. */
export const TLS_FILES = {
  certificate: `\${self:json}/${TELEMETRY_TLS_FOLDER}/tls.crt`,
  key: `\${self:json}/${TELEMETRY_TLS_FOLDER}/tls.key`,
  authority: `\${self:json}/${TELEMETRY_TLS_FOLDER}/ca.crt`,
} as const;

/** Certificates are renewed at half of their time, an hour at most; files are read again as often. */
const RELOADED_EVERY = '60s';

/**
 * How a component of the collector, and so of Jaeger, asks a server by that name. Source: collector 0.160,
 * config/configtls.
 */
export function askingTls(part: string): object {
  const { certificate, key, authority } = TLS_FILES;
  return {
    ...{ cert_file: certificate, key_file: key, ca_file: authority },
    ...{ server_name_override: telemetryName(part), reload_interval: RELOADED_EVERY },
    min_version: '1.3',
  };
}

/** How one serves: only to those with a certificate of the platform. */
export function servingTls(): object {
  const { certificate, key, authority } = TLS_FILES;
  return {
    ...{ cert_file: certificate, key_file: key, client_ca_file: authority },
    ...{ client_ca_file_reload: true, reload_interval: RELOADED_EVERY, min_version: '1.3' },
  };
}

/**
 * How Prometheus, and the collector's receiver of that name, asks a server. Files are read for each connection.
 * Source: prometheus/common, config.TLSConfig.
 */
export function scrapingTls(part: string): object {
  const { certificate, key, authority } = TLS_FILES;
  return {
    ...{ cert_file: certificate, key_file: key, ca_file: authority },
    ...{ server_name: telemetryName(part), min_version: 'TLS13' },
  };
}

/**
 * The web configuration of Prometheus and Alertmanager: who has one of these SPIFFE IDs may come in. It is read for
 * each connection, and so are the certificates. Source: prometheus/exporter-toolkit, docs/web-configuration.md.
 */
export function webConfiguration(graph: PlatformGraph, clients: readonly string[]): object {
  const { certificate, key, authority } = TLS_FILES;
  return {
    tls_server_config: {
      ...{ cert_file: certificate, key_file: key, client_ca_file: authority },
      client_auth_type: 'RequireAndVerifyClientCert',
      client_allowed_sans: clients.map((client) => spiffeId(graph, client)),
      min_version: 'TLS13',
    },
  };
}
