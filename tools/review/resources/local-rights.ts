import { listOf, textOf, wordOf } from '@meridian/policies/fields.ts';
import { isEveryRedisRight, rightsIn } from './rights.ts';

/** What a principal of the local Kafka may do. Source: providers/local/resources/kafka-acl.ts. */
export const localAcls = rightsIn(/^(?:principal|resource|name|operations)\b/, (acl) => {
  const [principal, resource, name] = [acl['principal'], acl['resource'], acl['name']].map(textOf);
  return new Map(
    listOf(acl['operations']).map((operation) => [
      `${wordOf(operation)} ${resource ?? ''} ${name ?? ''} to ${principal ?? ''}`,
      operation === 'All' || name === '*',
    ]),
  );
});

/** Users of the local Redis. Source: providers/local/resources/redis-user.ts. */
export const localRedisUsers = rightsIn(/^(?:name|rules)\b/, (user) => {
  const name = textOf(user['name']);
  return new Map(
    listOf(user['rules'])
      .map(wordOf)
      .map((rule) => [`${rule} to ${name}`, isEveryRedisRight(rule)]),
  );
});

/** Roles of the local PostgreSQL. Source: providers/local/resources/postgres-role.ts. */
export const localRoles = rightsIn(/^(?:name|kind)$/, (role) => {
  const [name, kind] = [textOf(role['name']), textOf(role['kind'])];
  return new Map(name === '' ? [] : [[`role ${name} as ${kind}`, false]]);
});
