import { connect } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import type { EnginePoll } from './engine-poll.ts';

const TIMEOUT_MS = 3_000;

/** Where somebody shows a certificate. */
export interface CertificateEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** An endpoint as the process is given it, `name=host:port`. Throws Error for anything else, which is a bug of the landing. */
export function certificateEndpoint(text: string): CertificateEndpoint {
  const [, name, host, port] = /^([\w.-]+)=(.+):(\d+)$/.exec(text) ?? [];
  if (name === undefined || host === undefined || port === undefined) {
    throw new Error(`An endpoint is name=host:port, got '${text}'`);
  }
  return { name, host, port: Number(port) };
}

/** When the certificates end that endpoints show, each by itself. */
export function certificatePolls(
  runtime: Runtime,
  endpoints: readonly CertificateEndpoint[],
): readonly EnginePoll[] {
  if (endpoints.length === 0) return [];
  const expiry = gauge(runtime.metrics.registry, {
    name: ENGINE_METRICS.servedCertificateExpiry.name,
    help: 'When the certificate that an endpoint shows ends',
  });
  return endpoints.map(({ name: endpoint, host, port }) => ({
    engine: `certificate of ${endpoint}`,
    nodes: [],
    ask: async () => {
      const seconds = await shownUntil(host, port);
      return { there: [], show: () => expiry.set({ endpoint }, seconds) };
    },
    forget: () => expiry.remove({ endpoint }),
  }));
}

/**
 * When the first of the certificates ends that are shown in a handshake, in seconds since 1970. Who shows it is not known by
 * it and is told nothing, so that anybody's certificate is looked at. Rejects where there is none in time.
 */
function shownUntil(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: host, rejectUnauthorized: false });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no handshake in time')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.once('secureConnect', () => {
      const ends = chainOf(socket.getPeerX509Certificate()).map(({ validToDate }) =>
        validToDate.getTime(),
      );
      socket.destroy();
      if (ends.length === 0) reject(new Error('no certificate was shown'));
      else resolve(Math.min(...ends) / 1_000);
    });
  });
}

/** A root is its own issuer. */
function chainOf(certificate: X509Certificate | undefined): readonly X509Certificate[] {
  if (certificate === undefined) return [];
  const { issuerCertificate } = certificate;
  const isLast = issuerCertificate?.fingerprint256 === certificate.fingerprint256;
  return [certificate, ...(isLast ? [] : chainOf(issuerCertificate))];
}
