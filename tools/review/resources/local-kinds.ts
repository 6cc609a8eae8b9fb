import { each, once } from './aspect.ts';
import type { Aspect } from './aspect.ts';
import { retention } from './kept.ts';
import { localAcls, localRedisUsers, localRoles } from './local-rights.ts';
import { believed } from './trust.ts';

/** Processes that hold what others need. Source: components/<engine>/local.ts. */
const OF_ENGINES = /^(?:elasticsearch|kafka|postgres|redis)\b/;

/**
 * What changes of resources of this machine mean, by their kinds. Source: providers/local/provider, diff of each handler.
 */
export const LOCAL_KINDS: Readonly<Record<string, readonly Aspect[]>> = {
  'index:ElasticsearchUser': [each(/^generation$/, 'secret-changed', 'it has another password')],
  'index:KafkaAcl': [localAcls],
  'index:KafkaTopic': [
    retention(/^retentionDays$/),
    each(
      /^(?:partitions|replication|minInSyncReplicas)$/,
      'topic-changed',
      'its order or its copies are others',
    ),
  ],
  'index:PostgresDatabase': [each(/^owner$/, 'rights-added', 'another role owns every table')],
  'index:PostgresRole': [
    localRoles,
    each(/^connectionLimit$/, 'limits-changed', 'connections beyond it are refused'),
  ],
  'index:PostgresSchema': [
    each(/^(?:digest|folder)$/, 'migration-changed', 'a schema changes, and no rollback undoes it'),
    each(/^(?:owner|serviceRoles)\b/, 'rights-added', 'other roles read and write its tables'),
    each(/^appendOnly\b/, 'rights-added', 'rows of other tables may be changed or deleted'),
  ],
  'index:Process': [
    {
      field: /^(?:spec|zone|rollingGroup)\b/,
      tell: ({ name }) => [
        {
          kind: OF_ENGINES.test(name) ? 'engine-restarted' : 'service-restarted',
          consequence: 'it stops and begins again',
        },
      ],
    },
  ],
  'index:RedisUser': [
    localRedisUsers,
    each(/^generation$/, 'secret-changed', 'it has another password'),
  ],
  'index:RootAuthority': [
    believed(
      /^(?:trustDomain|lifetimeDays)$/,
      'every certificate is signed again, or for another domain',
    ),
  ],
  'index:SecretFile': [
    each(/^(?:generation|bytes)$/, 'secret-changed', 'whoever reads it gets another value'),
  ],
  'index:ZoneAgent': [
    each(
      /^(?:rootFingerprint|leafLifetimeSeconds)$/,
      'trust-changed',
      'certificates are of another root, or good for another time',
    ),
    once(/^(?:zone|network)\b/, 'unknown-change', 'a zone is elsewhere', 'network'),
  ],
};
