import type { IdentitySpec } from '@meridian/provider-local/process-spec.ts';
import { redisPasswordFile } from '@meridian/provider-local/resources/redis-server.ts';
import { addressList, placeReplicas, PORT_OFFSETS } from '../local/addresses.ts';
import type { Placement } from '../local/addresses.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { replicaCount } from '../local/replica-count.ts';
import { kafkaBinding, KAFKA_BINDING, KAFKA_IDENTITY_FOLDER } from '../kafka/kafka-binding.ts';
import { bootstrapServers } from '../kafka/local.ts';
import type { LocalKafka } from '../kafka/local.ts';
import { databaseGrants, topicGrants } from '../model/grants.ts';
import type { PlatformGraph, ServiceNode } from '../model/graph.ts';
import type { Signature } from '../model/service.ts';
import { canonicalJson } from '../model/serialise.ts';
import { spiffeId } from '../model/spiffe.ts';
import type { LocalPostgres } from '../postgres/local.ts';
import { postgresBinding, POSTGRES_IDENTITY_FOLDER } from '../postgres/postgres-binding.ts';
import type { LocalRedis } from '../redis/local.ts';
import { redisBinding, REDIS_IDENTITY_FOLDER } from '../redis/redis-binding.ts';
import { redisGrants } from '../redis/redis-grants.ts';
import { identityConfiguration, IDENTITY_FOLDER } from './service-configuration.ts';

/** The lowered engines that services are bound to. */
export interface SharedEngines {
  readonly postgres: LocalPostgres;
  readonly redis: LocalRedis;
  readonly kafka: LocalKafka;
}

/** Identity folder of the key that a service signs tokens or contexts with. */
export function signingFolder(signature: Signature): string {
  return `${signature}-signing`;
}

/** The environment of every process that is built on the kit; the rest of its world is files. */
export const KIT_ENVIRONMENT = {
  NODE_ENV: 'production',
  SERVICE_BINDING_ROOT: '${self}/bindings',
  MERIDIAN_SERVICE_FILE: '${self}/config/service.json',
} as const;

/** How a service runs Node.js: nothing below TLS 1.3, and quiet about stripping types. */
export const NODE_FLAGS = ['--tls-min-v1.3', '--disable-warning=ExperimentalWarning'] as const;

/** Node.js as a service runs it on this machine. */
export const NODE_COMMAND = ['${node}', ...NODE_FLAGS] as const;

/** Files by their path in the process's folder. */
export type Files = Readonly<Record<string, string>>;

/** What service.json says of any process: who it is. The kit's configuration.ts reads it. */
export function processConfiguration(
  { graph, settings, sources }: LoweringContext,
  caller: string,
  placement: Placement,
): Readonly<Record<string, unknown>> {
  return {
    ...identityConfiguration(graph, caller, {
      version: sources.version,
      environment: settings.environment,
    }),
    instance: placement.name,
    zone: placement.zone,
  };
}

/** service.json as a file. */
export function configurationFile(configuration: Readonly<Record<string, unknown>>): Files {
  return { 'config/service.json': canonicalJson(configuration) };
}

/**
 * The identities of a service or task: towards others, towards each engine that it uses, and those
 * that it signs with.
 */
export function identities(
  graph: PlatformGraph,
  caller: string,
  usages: IdentitySpec['usages'],
): readonly IdentitySpec[] {
  const uris = [spiffeId(graph, caller)];
  const grant = databaseGrants(graph).find(({ service }) => service === caller);
  const peer: IdentitySpec = {
    folder: IDENTITY_FOLDER,
    uris,
    dnsNames: [],
    addresses: [],
    usages,
  };
  const user = redisGrants(graph).find(({ service }) => service === caller)?.user;
  const signatures = graph.services.find(({ name }) => name === caller)?.signs ?? [];
  return [
    peer,
    ...(grant === undefined ? [] : [engineIdentity(POSTGRES_IDENTITY_FOLDER, grant.serviceRole)]),
    ...(user === undefined ? [] : [engineIdentity(REDIS_IDENTITY_FOLDER, user)]),
    ...(usesKafka(graph, caller) ? [engineIdentity(KAFKA_IDENTITY_FOLDER, caller)] : []),
    ...signatures.map((signature): IdentitySpec => ({
      folder: signingFolder(signature),
      uris,
      dnsNames: [],
      addresses: [],
      usages: ['sign'],
    })),
  ];
}

/** A client certificate for an engine, which knows its clients by their common name. */
function engineIdentity(folder: string, commonName: string): IdentitySpec {
  return { folder, uris: [], commonName, dnsNames: [], addresses: [], usages: ['client'] };
}

function usesKafka(graph: PlatformGraph, service: string): boolean {
  return topicGrants(graph).some(({ principal }) => principal === service);
}

/** The live file in which a caller finds the addresses of a service. */
export function addressFile(callee: string): string {
  return `bindings/${callee}/addresses`;
}

/** Binding folders for the services that a caller may call; their address lists are live. */
export function callBindings(
  { graph, settings }: LoweringContext,
  caller: string,
): { readonly files: Files; readonly liveFiles: Files } {
  const callees = graph.calls
    .filter((edge) => edge.from === caller)
    .map((edge) => serviceNamed(graph, edge.to));
  const port = settings.portBase + PORT_OFFSETS.service;
  return {
    files: merge(
      callees.map(({ name }) =>
        bindingFolder(name, {
          type: 'grpc',
          provider: 'meridian',
          uri: `addresses:${name}/addresses`,
          'spiffe-id': spiffeId(graph, name),
        }),
      ),
    ),
    liveFiles: merge(
      callees.map((callee) => ({
        [addressFile(callee.name)]: addressList(
          placeReplicas(callee, graph.zones, replicaCount(callee, settings)).map(({ address }) => ({
            address,
            port,
          })),
        ),
      })),
    ),
  };
}

/** Binding folders for the databases of a service. */
export function postgresBindings(
  graph: PlatformGraph,
  service: string,
  { listen }: LocalPostgres,
): Files {
  return merge(
    databaseGrants(graph)
      .filter((grant) => grant.service === service)
      .map((grant) =>
        bindingFolder(
          grant.binding,
          postgresBinding(grant, { host: listen.address, port: listen.port }),
        ),
      ),
  );
}

/** Binding folders for the key spaces of a service. */
export function redisBindings(
  graph: PlatformGraph,
  service: string,
  { listen, process }: LocalRedis,
): Files {
  return merge(
    redisGrants(graph)
      .filter((grant) => grant.service === service)
      .map((grant) =>
        bindingFolder(
          grant.binding,
          redisBinding(grant, {
            host: listen.address,
            port: listen.port,
            passwordFile: redisPasswordFile(process.name, grant.user),
          }),
        ),
      ),
  );
}

/** The binding folder for Kafka of a service that publishes or consumes. */
export function kafkaBindings(graph: PlatformGraph, service: string, kafka: LocalKafka): Files {
  if (!usesKafka(graph, service)) return {};
  return bindingFolder(KAFKA_BINDING, kafkaBinding(bootstrapServers(kafka)));
}

/** The service of that name. Throws Error for one that is not landed, which is a bug. */
export function serviceNamed(graph: PlatformGraph, name: string): ServiceNode {
  const service = graph.services.find((candidate) => candidate.name === name);
  if (service === undefined) throw new Error(`Service '${name}' is not in the landed graph`);
  return service;
}

/** A binding as the Service Binding Specification for Kubernetes has it: one file per property. */
function bindingFolder(name: string, properties: Readonly<Record<string, string>>): Files {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [`bindings/${name}/${key}`, value]),
  );
}

function merge(parts: readonly Files[]): Files {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}
