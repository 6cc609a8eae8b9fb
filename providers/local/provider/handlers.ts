import { CodedError } from '@meridian/language/coded-error.ts';
import { typeToken } from '../resources/type-token.ts';
import type { ResourceKind } from '../resources/type-token.ts';
import { bindHandler } from './bound-handler.ts';
import type { BoundHandler } from './bound-handler.ts';
import { elasticsearchUserHandler } from './elasticsearch-user.ts';
import { kafkaAclHandler } from './kafka-acl.ts';
import { kafkaTopicHandler } from './kafka-topic.ts';
import { postgresDatabaseHandler } from './postgres-database.ts';
import { postgresRoleHandler } from './postgres-role.ts';
import { postgresSchemaHandler } from './postgres-schema.ts';
import { processHandler } from './process.ts';
import { redisUserHandler } from './redis-user.ts';
import { rootAuthorityHandler } from './root-authority.ts';
import { secretFileHandler } from './secret-file.ts';
import { zoneAgentHandler } from './zone-agent.ts';

const HANDLERS: Readonly<Record<ResourceKind, BoundHandler>> = {
  RootAuthority: bindHandler(rootAuthorityHandler),
  ZoneAgent: bindHandler(zoneAgentHandler),
  Process: bindHandler(processHandler),
  SecretFile: bindHandler(secretFileHandler),
  PostgresRole: bindHandler(postgresRoleHandler),
  PostgresDatabase: bindHandler(postgresDatabaseHandler),
  PostgresSchema: bindHandler(postgresSchemaHandler),
  RedisUser: bindHandler(redisUserHandler),
  ElasticsearchUser: bindHandler(elasticsearchUserHandler),
  KafkaTopic: bindHandler(kafkaTopicHandler),
  KafkaAcl: bindHandler(kafkaAclHandler),
};

const HANDLER_OF_TYPE = new Map(
  Object.entries(HANDLERS).map(([kind, handler]) => [typeToken(kind as ResourceKind), handler]),
);

/** What manages the resource of a URN. Throws CodedError RESOURCE_TYPE_UNKNOWN. */
export function handlerOf(urn: string): BoundHandler {
  // urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>
  const type = urn.split('::')[2]?.split('$').at(-1) ?? '';
  const handler = HANDLER_OF_TYPE.get(type);
  if (handler === undefined) {
    throw new CodedError(
      'RESOURCE_TYPE_UNKNOWN',
      `Resource type '${type}': must be one of ${[...HANDLER_OF_TYPE.keys()].join(', ')}`,
    );
  }
  return handler;
}
