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
  'xpack.security.http.ssl.supported_protocols': PROTOCOLS,
  'xpack.security.transport.ssl.supported_protocols': PROTOCOLS,
} as const satisfies Readonly<Record<string, NodeSetting>>;
