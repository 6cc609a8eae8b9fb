import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { checkSpiffeId } from '@meridian/kit/tls/spiffe.ts';
import { SERVICE_FILE } from '@meridian/language/process-folder.ts';
import { SERVICE_CONFIGURATION } from '@meridian/language/service-configuration.ts';
import type { MetricsAddress } from '@meridian/language/service-configuration.ts';
import { readShape } from '@meridian/language/shape.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { issueLeaf } from '@meridian/provider-local/pki/leaf.ts';
import { loadRootSigner } from '@meridian/provider-local/pki/root.ts';
import type { KnownZone } from './zones.ts';

/** A process with metrics. */
export interface MeteredProcess {
  readonly zone: string;
  readonly name: string;
}

const LIFETIME_SECONDS = 60;
const TIMEOUT_MS = 10_000;

/** The processes that serve metrics, of zones that run. */
export function meteredProcesses(zones: readonly KnownZone[]): readonly MeteredProcess[] {
  return zones.flatMap(({ zone, status }) =>
    (status?.processes ?? [])
      .filter(({ listens }) => listens.some(({ name }) => name === 'metrics'))
      .map(({ name }) => ({ zone, name })),
  );
}

/**
 * The metrics of a process of this machine, in the text format of Prometheus. It is asked as by the collector, with a
 * certificate that the root signs for a minute: whoever may read the root's key may read metrics.
 *
 * @throws {CodedError} ROOT_MISSING
 */
export async function processMetrics(
  folders: Folders,
  { zone, name }: MeteredProcess,
): Promise<string> {
  const file = path.join(placeholdersOf(folders, zone, name).self, SERVICE_FILE);
  const { metrics, spiffeId } = readShape(
    SERVICE_CONFIGURATION,
    JSON.parse(readFileSync(file, 'utf8')),
    [],
  );
  if (metrics === undefined) throw new Error(`${file} says nothing of metrics`);
  return await scrape(metrics, spiffeId, await collectorCertificate(folders, metrics.scraper));
}

interface ClientCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

async function collectorCertificate(
  folders: Folders,
  spiffeId: string,
): Promise<ClientCertificate> {
  const { certificate, keys } = await loadRootSigner(path.join(folders.state, 'pki'));
  const ca = certificate.toString('pem');
  const leaf = await issueLeaf(
    { certificate: ca, keys },
    { folder: 'tls', uris: [spiffeId], dnsNames: [], addresses: [], usages: ['client'] },
    LIFETIME_SECONDS,
  );
  return { ca, cert: leaf.certificate, key: leaf.key };
}

function scrape(
  { address, port }: MetricsAddress,
  spiffeId: string,
  certificate: ClientCertificate,
): Promise<string> {
  return new Promise((resolve, reject) => {
    request({
      ...{ host: address, port, path: '/metrics', agent: false, timeout: TIMEOUT_MS },
      ...certificate,
      checkServerIdentity: checkSpiffeId(spiffeId),
    })
      .once('error', reject)
      .once('timeout', function (this: { destroy(error: Error): void }) {
        this.destroy(new Error(`no metrics of ${address}:${port} within ${TIMEOUT_MS} ms`));
      })
      .once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${address}:${port} answered ${response.statusCode}: ${text}`));
        });
      })
      .end();
  });
}
