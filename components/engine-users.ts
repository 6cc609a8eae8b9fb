import type { EngineUsers } from './engine.ts';
import { kafkaUsers } from './kafka/kafka-users.ts';
import type { EngineNoun } from './nouns.ts';
import { postgresUsers } from './postgres/postgres-users.ts';
import { redisUsers } from './redis/redis-users.ts';
import { searchUsers } from './search/search-users.ts';

/** Of each engine, who uses it. */
export const ENGINE_USERS: Readonly<Record<EngineNoun, EngineUsers>> = {
  postgres: postgresUsers,
  redis: redisUsers,
  kafka: kafkaUsers,
  search: searchUsers,
};
