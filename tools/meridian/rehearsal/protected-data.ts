import { partsOfUrn } from './engine-events.ts';

/** A resource that a deployment refuses to delete or replace, since it holds data. */
export interface ProtectedResource {
  readonly urn: string;
  /** Which data go with it. */
  readonly data: string;
}

/** A resource as Pulumi keeps it. Source: apitype.ResourceV3 of Pulumi 3. */
export interface KeptResource {
  readonly urn: string;
  readonly protect?: boolean;
  readonly inputs?: {
    readonly spec?: Readonly<Record<string, unknown>>;
    readonly metadata?: { readonly name?: string };
  };
}

/** What `pulumi stack export` writes, as far as it is read. */
export interface ExportedStack {
  readonly deployment: { readonly resources?: readonly KeptResource[] };
}

/** What of a stack is protected, with the data that it holds. */
export function protectedResources({ deployment }: ExportedStack): readonly ProtectedResource[] {
  const { resources = [] } = deployment;
  return resources
    .filter(({ protect }) => protect === true)
    .map((resource) => ({ urn: resource.urn, data: dataOf(resource, resources) }));
}

/** Of resources of a cloud, by their types. */
const OF_CLOUDS: Readonly<Record<string, string>> = {
  'aws:ec2/vpc:Vpc': 'the network, and all that has an address in it',
  'aws:eks/cluster:Cluster': 'the cluster with every object in it, and the volumes of those',
  'aws:elasticache/replicationGroup:ReplicationGroup': 'every key of the cache',
  'aws:kms/key:Key': 'the key to all that it encrypts: without it nobody reads that again',
  'aws:msk/cluster:Cluster': 'every topic with its events, and how far each consumer is',
  'aws:msk/topic:Topic': 'every event of the topic, also those that consumers have not read',
  'aws:rds/cluster:Cluster': 'every database of it, and its backups where none is kept',
  'aws:s3/bucket:Bucket': 'every object in the bucket',
};

/** Which data go with a resource, in words. */
export function dataOf({ urn, inputs }: KeptResource, all: readonly KeptResource[]): string {
  const { type, name } = partsOfUrn(urn);
  const named = inputs?.metadata?.name ?? name;
  const ofCloud = OF_CLOUDS[type];
  if (ofCloud !== undefined) return ofCloud;
  switch (type.split(':').at(-1)) {
    case 'KafkaTopic':
      return `every event of the topic '${named}', also those that consumers have not read`;
    case 'Kafka':
      return `every topic with its events, and how far each consumer is (${listed(namesOf('KafkaTopic', all))})`;
    case 'KafkaNodePool':
      return `the copies of all topics on the brokers of '${named}'`;
    case 'Cluster':
      return `every database of it (${listed(namesOf('Database', all))})`;
    case 'Elasticsearch':
      return 'every index of it, which are built again from what they were built from (npm run search -- rebuild)';
    case 'Namespace':
      return `every object in '${named}', with the keys and volumes of it`;
    case 'Release':
      return `the definitions that the chart brought, with every object of those kinds, in this stack and others`;
    default:
      return `what ${type} '${named}' holds`;
  }
}

function namesOf(kind: string, all: readonly KeptResource[]): readonly string[] {
  return all
    .filter(({ urn }) => partsOfUrn(urn).type.endsWith(`:${kind}`))
    .map(({ urn, inputs }) => inputs?.metadata?.name ?? partsOfUrn(urn).name)
    .toSorted();
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ');
}
