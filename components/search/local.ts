import type { SearchLanding } from './search.ts';

/** Nothing yet: local/refuse-unwritten.ts refuses a graph whose landed services need an index. */
export function landSearch(): SearchLanding {
  return () => undefined;
}
