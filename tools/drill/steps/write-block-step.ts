import path from 'node:path';
import { SEARCH_IDENTITY_FOLDER } from '@meridian/components/search/search-binding.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { ElasticsearchConnection } from '@meridian/kit/elasticsearch/connection.ts';
import { Identity } from '@meridian/kit/tls/identity.ts';
import { expandPlaceholders, placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { elasticsearchPasswordFile } from '@meridian/provider-local/resources/elasticsearch-node.ts';
import { PlatformView } from '../platform-view.ts';
import type { StepKind } from './step-kind.ts';
import type { WriteBlockStep } from './step.ts';

const NODE = 'elasticsearch';
const TIMEOUT_MS = 30_000;

/** The block that a node sets by itself where its disk is full. Source: Elasticsearch 8.19, "Index blocks". */
export const writeBlockStep: StepKind<'write-block'> = {
  async apply(step, folders) {
    await setBlock(folders, step, true);
    return undefined;
  },
  undo: (step, folders) => setBlock(folders, step, null),
};

/** As the service that has the index, which may manage it. */
async function setBlock(
  folders: Folders,
  { service, index, user }: WriteBlockStep,
  block: true | null,
): Promise<void> {
  const view = await PlatformView.open(folders);
  const node = view.process(NODE);
  const [replica] = view.replicas(service);
  const listen = node.process.listens[0];
  if (replica === undefined || listen === undefined) return;
  const { self } = placeholdersOf(folders, replica.zone, replica.process.name);
  const tlsFolder = path.join(self, SEARCH_IDENTITY_FOLDER);
  const passwordFile = expandPlaceholders(
    elasticsearchPasswordFile(NODE, user),
    placeholdersOf(folders, node.zone, NODE),
  );
  const identity = Identity.open(tlsFolder);
  const connection = new ElasticsearchConnection(
    {
      ...{ name: index, host: listen.address, port: listen.port, username: user, passwordFile },
      ...{ index, tlsFolder, tlsFolderName: SEARCH_IDENTITY_FOLDER },
    },
    identity,
  );
  try {
    const { status } = await connection.send(
      { method: 'PUT', path: `/${index}/_settings`, body: { 'index.blocks.write': block } },
      AbortSignal.timeout(TIMEOUT_MS),
    );
    if (status !== 200) throw refused(index, status);
  } finally {
    connection.close();
    identity.close();
  }
}

function refused(index: string, status: number): CodedError {
  return new CodedError(
    'DRILL_FAULT_REFUSED',
    `Index '${index}': Elasticsearch must take a block of it, got status ${status}; 'npm run logs -- ${NODE}' tells why`,
  );
}
