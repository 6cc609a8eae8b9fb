/** The value of a setting of a node. */
export type NodeSetting = string | number | boolean | readonly string[];

/** Only what is this new; every client and node of the platform is. */
const PROTOCOLS = ['TLSv1.3'] as const;

/**
 * What every landing sets in elasticsearch.yml, so that what runs on one runs on the other.
 *
 * @see https://www.elastic.co/guide/en/elasticsearch/reference/8.19/settings.html
 */
export const SHARED_NODE_SETTINGS = {
  'node.roles': ['master', 'data', 'ingest'],
  // Writing to an alias that is not there yet would make an index of that name, without a mapping.
  'action.auto_create_index': false,
  // Mapping files needs a setting of the kernel that only an administrator of the machine could make.
  'node.store.allow_mmap': false,
  'xpack.ml.enabled': false,
  // A role that is asked for in the moment in which it is read from its file may be remembered as one that
  // there is not, until the node is started again (CompositeRolesStore.buildThenMaybeCacheRole fills this
  // cache after the file's change has emptied it). All roles are in memory here: there is nothing to save.
  'xpack.security.authz.store.roles.negative_lookup_cache.max_size': 0,
  'xpack.security.http.ssl.supported_protocols': PROTOCOLS,
  'xpack.security.transport.ssl.supported_protocols': PROTOCOLS,
} as const satisfies Readonly<Record<string, NodeSetting>>;
