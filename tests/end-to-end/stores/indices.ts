import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import type { SearchGrant } from '@meridian/components/search/search-grants.ts';
import { SEARCH_IDENTITY_FOLDER } from '@meridian/components/search/search-binding.ts';
import { expandPlaceholders, placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { elasticsearchPasswordFile } from '@meridian/provider-local/resources/elasticsearch-node.ts';
import { textsIn } from './found.ts';
import type { Found } from './found.ts';

/** A process of a zone, and where it listens. */
export interface Listening {
  readonly zone: string;
  readonly process: string;
  readonly address: string;
  readonly port: number;
}

/** The most that one search gives. */
const MOST = 10_000;

/** Every document of an index and of what is built beside it, as the service that it belongs to. */
export async function inIndex(
  folders: Folders,
  node: Listening,
  service: Listening,
  { index, user }: SearchGrant,
  texts: readonly string[],
): Promise<readonly Found[]> {
  const { self } = placeholdersOf(folders, service.zone, service.process);
  const [ca, cert, key] = ['ca.crt', 'tls.crt', 'tls.key'].map((file) =>
    readFileSync(path.join(self, SEARCH_IDENTITY_FOLDER, file)),
  );
  const file = elasticsearchPasswordFile(node.process, user);
  const placeholders = placeholdersOf(folders, node.zone, node.process);
  const password = readFileSync(expandPlaceholders(file, placeholders), 'utf8').trim();
  const body = await new Promise<string>((resolve, reject) => {
    const call = request(
      {
        host: node.address,
        port: node.port,
        path: `/${index}.*/_search?size=${MOST}&version=true`,
        auth: `${user}:${password}`,
        ...{ ca, cert, key, agent: false, checkServerIdentity: () => undefined },
      },
      (response) => {
        let read = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (read += chunk));
        response.once('end', () => resolve(read));
      },
    );
    call.once('error', reject).end();
  });
  const { hits } = JSON.parse(body) as { hits?: { hits: readonly object[] } };
  if (hits === undefined) throw new Error(body);
  if (hits.hits.length === MOST) throw new Error(`Index '${index}': more than one answer holds`);
  return [{ place: `index ${index}`, texts: textsIn(JSON.stringify(hits.hits), texts) }];
}
