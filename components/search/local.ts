import { NO_USE } from '../local/engine.ts';
import type { LocalEngine } from '../local/engine.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { searchGrants } from './search-grants.ts';
import type { SearchLanding } from './search.ts';

/** Elasticsearch is not made on this machine yet: a graph whose landed services need it is refused. */
export const localSearch: LocalEngine<null, SearchLanding> = {
  lower: () => null,
  land: () => () => undefined,
  place: { host: 5, ports: [] },
  problems: unwritten,
  use: () => NO_USE,
};

function unwritten(graph: PlatformGraph): readonly string[] {
  return searchGrants(graph).map(
    ({ binding, service }) =>
      `Store '${binding}': must be of an engine that the local landing has, got 'elasticsearch'; declare it 'implemented: false' in services/${service}/service.ts`,
  );
}
