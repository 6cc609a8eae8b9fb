import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { stalePage } from '@meridian/kit/rpc/stale-page.ts';
import { askedSearch } from './asked-search.ts';
import { SearchService } from './contract/gen/meridian/search/v1/search_pb.js';
import type { SearchProductsRequest } from './contract/gen/meridian/search/v1/search_pb.js';
import { WalkGoneError } from './product-search.ts';
import type { ProductSearch, WalkPlace } from './product-search.ts';
import type { IndexKeeper } from './rebuild/index-keeper.ts';
import { rebuildMessage } from './rebuild/rebuild-message.ts';
import type { WrittenChanges } from './written.ts';

/** What the methods need. */
export interface SearchParts {
  readonly search: ProductSearch;
  readonly written: Pick<WrittenChanges, 'wait'>;
  readonly tokens: PageTokens;
  readonly keeper: Pick<IndexKeeper, 'rebuild' | 'last'>;
}

/** Suggestions when the request does not say how many. */
const LIMIT_DEFAULT = 10;

/** Search's methods, for requests that their contract allows. */
export function searchHandlers(parts: SearchParts): Handlers<typeof SearchService> {
  const { search, keeper } = parts;
  return {
    searchProducts: (request, call) => searchProducts(parts, request, call),

    async suggestProducts({ prefix, limit }) {
      return { suggestions: await search.suggest(prefix, limit === 0 ? LIMIT_DEFAULT : limit) };
    },

    async rebuildIndex() {
      return { rebuild: rebuildMessage(await keeper.rebuild()) };
    },

    async getIndexRebuild() {
      const last = await keeper.last();
      if (last === undefined) throw new RpcError('NOT_FOUND', 'the index was never rebuilt');
      return { rebuild: rebuildMessage(last) };
    },
  };
}

const { searchProducts: METHOD } = SearchService.method;

async function searchProducts(
  { search, written, tokens }: SearchParts,
  request: SearchProductsRequest,
  call: ServerCall,
) {
  const asked = askedSearch(request);
  const place = placeOf(await tokens.place(METHOD, request, call));
  // A walk sees what its first page saw, which waited.
  const missing =
    place === undefined && asked.written !== undefined && !(await written.wait(asked.written));
  try {
    const { next, ...page } = await search.find(asked.criteria, asked.pageSize, place);
    const nextPageToken =
      next === undefined ? '' : await tokens.next(METHOD, request, call, JSON.stringify(next));
    return { ...page, nextPageToken, writtenMissing: missing };
  } catch (error) {
    throw error instanceof WalkGoneError ? stalePage() : error;
  }
}

/** It is signed, so it is as it was written. */
function placeOf(text: string | undefined): WalkPlace | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as WalkPlace);
}
