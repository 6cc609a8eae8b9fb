/** What the caches and limits of all services may take together; the least used keys go first. */
const MAX_MEMORY = '64mb';

/** What holds for the server of every landing. Nothing is persisted: what Redis holds may be lost. */
export const SHARED_DIRECTIVES: readonly string[] = [
  'tls-protocols "TLSv1.3"',
  'save ""',
  'appendonly no',
  `maxmemory ${MAX_MEMORY}`,
  'maxmemory-policy allkeys-lru',
  'maxclients 512',
  'databases 1',
  // A replica that dies leaves a half-open connection behind.
  'tcp-keepalive 30',
];
