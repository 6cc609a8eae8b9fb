import { readFileSync } from 'node:fs';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import type { StoreBinding } from '@meridian/components/model/client-types.ts';
import { readElasticsearchBinding } from '@meridian/kit/elasticsearch/binding.ts';
import { openElasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import { consumerGroup } from '@meridian/kit/events/consume.ts';
import { followStates } from '@meridian/kit/events/follow-states.ts';
import { openKafka } from '@meridian/kit/kafka/client.ts';
import { pageKeyOfSecret } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { runService } from '@meridian/kit/run-service.ts';
import { CATALOGUE_READERS } from './catalogue-readers.ts';
import { SearchService } from './contract/gen/meridian/search/v1/search_pb.js';
import { searchHandlers } from './handler.ts';
import { IndexWriter } from './index-writer.ts';
import type { ProductChange } from './product-document.ts';
import { ProductSearch } from './product-search.ts';
import { catalogueWalk } from './rebuild/catalogue-walk.ts';
import { IndexKeeper } from './rebuild/index-keeper.ts';
import { RebuildRecords } from './rebuild/rebuild-record.ts';
import { TopicTail } from './rebuild/topic-tail.ts';
import type { search } from './service.ts';
import { WrittenChanges } from './written.ts';

const index: StoreBinding<typeof search, 'elasticsearch'> = 'products-elasticsearch';

await runService<typeof search>({
  contract: SearchService,
  clients: { catalog: CatalogService },
  handlers: (context) => {
    const elasticsearch = openElasticsearch(context, index);
    const writer = new IndexWriter(elasticsearch, elasticsearch.index);
    followStates<typeof search, ProductChange>(context, {
      topics: { [catalogEvents.name]: CATALOGUE_READERS },
      apply: (changes) => writer.apply(changes),
    });
    const keeper = new IndexKeeper({
      search: elasticsearch,
      records: new RebuildRecords(elasticsearch),
      walk: catalogueWalk(context.clients.catalog),
      log: context.log,
      events: new TopicTail({
        kafka: openKafka(context),
        topic: catalogEvents.name,
        readers: CATALOGUE_READERS,
        group: consumerGroup(context.configuration.service),
        log: context.log,
      }),
    });
    context.role.whenActive(() => keeper.start());
    context.onDrain('index keeper', () => keeper.stop());
    const products = new ProductSearch(elasticsearch);
    const { passwordFile } = readElasticsearchBinding(
      context.bindings,
      index,
      context.workingFolder,
    );
    return searchHandlers({
      search: products,
      written: new WrittenChanges(writer, products),
      // All replicas share the password, and nobody else has it.
      tokens: new PageTokens(pageKeyOfSecret(() => readFileSync(passwordFile, 'utf8'))),
      keeper,
    });
  },
});
