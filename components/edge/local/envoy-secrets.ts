import { canonicalJson } from '../../model/serialise.ts';

/** Identity folder for users of the edge. */
export const SERVER_IDENTITY = 'tls';

/** Identity folder for the gateways: the client certificate of authenticated origin pulls. */
export const ORIGIN_IDENTITY = 'origin';

/** Name of the secret that holds the root certificate. */
export const ROOT_SECRET = 'root';

const SECRET = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';

/**
 * The agent renews a certificate by moving a symbolic link in the process's folder, so that is the
 * folder to watch; by default Envoy watches the parents of the files, which never change.
 */
const WATCHED = { path: '${self:json}' };

/** Files that Envoy's secret discovery reads. Source: Envoy, "Secret discovery service (SDS)". */
export function secretFiles(): Readonly<Record<string, string>> {
  return {
    [secretFile(SERVER_IDENTITY)]: certificateSecret(SERVER_IDENTITY),
    [secretFile(ORIGIN_IDENTITY)]: certificateSecret(ORIGIN_IDENTITY),
    [secretFile(ROOT_SECRET)]: secret(ROOT_SECRET, {
      validation_context: {
        trusted_ca: { filename: `\${self:json}/${ORIGIN_IDENTITY}/ca.crt` },
        watched_directory: WATCHED,
      },
    }),
  };
}

/** The reference to a secret in a TLS context. */
export function secretReference(name: string): object {
  return {
    name,
    sds_config: { path_config_source: { path: `\${self:json}/${secretFile(name)}` } },
  };
}

function secretFile(name: string): string {
  return `secrets/${name}.json`;
}

function certificateSecret(folder: string): string {
  return secret(folder, {
    tls_certificate: {
      certificate_chain: { filename: `\${self:json}/${folder}/tls.crt` },
      private_key: { filename: `\${self:json}/${folder}/tls.key` },
      watched_directory: WATCHED,
    },
  });
}

function secret(name: string, content: object): string {
  return canonicalJson({ resources: [{ '@type': SECRET, name, ...content }] });
}
