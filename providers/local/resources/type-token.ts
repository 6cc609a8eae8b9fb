/** The name of this package as Pulumi knows it: `plugins.providers` in Pulumi.yaml, type tokens, executable. */
export const packageName = 'meridian-local';

/** Every kind of resource that the provider manages. */
export const resourceKinds = [
  'RootAuthority',
  'ZoneAgent',
  'Process',
  'SecretFile',
  'PostgresRole',
  'PostgresDatabase',
  'PostgresSchema',
  'RedisUser',
  'ElasticsearchUser',
  'KafkaTopic',
  'KafkaAcl',
] as const;

export type ResourceKind = (typeof resourceKinds)[number];

/** The Pulumi type token of a kind of resource, such as `meridian-local:index:Process`. */
export function typeToken(kind: ResourceKind): string {
  return `${packageName}:index:${kind}`;
}
