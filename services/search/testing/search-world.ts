import { openElasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import type { TestProcess } from '@meridian/kit/testing/world.ts';
import { expect } from '@jest/globals';
import { sharedAuthority, sharedIndex } from '../../../tests/engines/shared-engines.ts';
import type { SharedIndex } from '../../../tests/engines/shared-engines.ts';
import { IndexAdmin } from '../index-admin.ts';
import { IndexWriter } from '../index-writer.ts';
import { ProductSearch } from '../product-search.ts';

/** A process of search with an index of its own in the Elasticsearch of the run. */
export interface SearchWorld {
  readonly index: SharedIndex;
  readonly process: TestProcess;
  readonly elasticsearch: Elasticsearch;
  readonly admin: IndexAdmin;
  /** Writes the index in use. */
  readonly writer: IndexWriter;
  readonly search: ProductSearch;
  close(): Promise<void>;
}

/** The build that a world begins with, where it begins with one. */
export const FIRST_BUILD = 'b1';

/** Opens it, with an empty index in use unless the test makes it. */
export async function openSearchWorld(
  name: string,
  { empty = false }: { readonly empty?: boolean } = {},
): Promise<SearchWorld> {
  const [index, authority] = [await sharedIndex(name), await sharedAuthority()];
  const world = await TestWorld.create(authority);
  const folder = await world.prepare('search', { ops: { address: '127.0.0.1', port: 0 } });
  await index.bind(folder, 'products-elasticsearch');
  const process = await world.start(folder);
  const elasticsearch = openElasticsearch(process.runtime, 'products-elasticsearch', {
    timeoutMs: 10_000,
    probeIntervalMs: 100,
  });
  await eventually(() => expect(elasticsearch.isThere).toBe(true), 30_000);
  const admin = new IndexAdmin(elasticsearch);
  if (!empty) {
    await admin.create(FIRST_BUILD);
    await admin.switchTo(FIRST_BUILD);
  }
  return {
    index,
    process,
    elasticsearch,
    admin,
    writer: new IndexWriter(elasticsearch, elasticsearch.index),
    search: new ProductSearch(elasticsearch),
    close: () => world.close(),
  };
}
