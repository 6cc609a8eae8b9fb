import { ADDRESSES_SCHEME, binding, TELEMETRY_BINDING } from '@meridian/language/bindings.ts';
import {
  BINDINGS_FOLDER,
  IDENTITY_FOLDER,
  SERVICE_FILE,
  signingFolder,
} from '@meridian/language/process-folder.ts';
import type { ServiceConfigurationFile } from '@meridian/language/service-configuration.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import type { IdentitySpec } from '@meridian/provider-local/process-spec.ts';
import { addressList, placeReplicas, PORT_OFFSETS } from '../local/addresses.ts';
import type { Placement } from '../local/addresses.ts';
import { bindingFolder, merged } from '../local/binding-folder.ts';
import type { Files } from '../local/binding-folder.ts';
import type { EngineUse } from '../local/engine.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { replicaCount } from '../local/replica-count.ts';
import type { PlatformGraph, ServiceNode } from '../model/graph.ts';
import { traceReceivers } from '../observability/local-places.ts';
import {
  COLLECTOR_IDENTITY,
  METRICS_IDENTITY_FOLDER,
  telemetryName,
} from '../observability/telemetry-names.ts';
import { callBindings } from './call-binding.ts';
import { NODE_FLAGS } from './kit-process.ts';
import { identityConfiguration, scrapedMetrics, serviceFile } from './service-configuration.ts';
import type { WhoItIs } from './service-configuration.ts';

/** Node.js as a service runs it on this machine. */
export const NODE_COMMAND = ['${node}', ...NODE_FLAGS] as const;

/** What service.json says of any process: who it is. */
export function processConfiguration(
  { graph, settings, sources }: LoweringContext,
  caller: string,
  placement: Placement,
): WhoItIs & Required<Pick<ServiceConfigurationFile, 'instance' | 'zone'>> {
  return {
    ...identityConfiguration(graph, caller, {
      version: sources.version,
      environment: settings.environment,
    }),
    instance: placement.name,
    zone: placement.zone,
  };
}

/** service.json, where a process looks for it. */
export function configurationFile(configuration: ServiceConfigurationFile): Files {
  return { [SERVICE_FILE]: serviceFile(configuration) };
}

/** What a process gets for its telemetry, whatever it is. */
export interface TelemetryUse {
  readonly files: Files;
  readonly liveFiles: Files;
}

/** The binding to the collector, whose list of addresses is live: one that comes later restarts nobody. */
export function telemetryUse(context: LoweringContext): TelemetryUse {
  const properties = binding('otlp', {
    uri: `${ADDRESSES_SCHEME}:${TELEMETRY_BINDING}/${ADDRESSES_FILE}`,
    'spiffe-id': spiffeId(context.graph, COLLECTOR_IDENTITY),
  });
  return {
    files: bindingFolder(TELEMETRY_BINDING, properties),
    liveFiles: { [addressFile(TELEMETRY_BINDING)]: addressList(traceReceivers(context)) },
  };
}

/** Where the metrics of a replica are served to the collector, in service.json. */
export function metricsOf({ graph, settings }: LoweringContext, { address }: Placement) {
  return scrapedMetrics(graph, { address, port: settings.portBase + PORT_OFFSETS.metrics });
}

/** The certificate that a service shows to the collector, a program in Go: it checks a DNS name and no URI. */
export function metricsIdentity(graph: PlatformGraph, service: string): IdentitySpec {
  return {
    folder: METRICS_IDENTITY_FOLDER,
    uris: [spiffeId(graph, service)],
    dnsNames: [telemetryName(service)],
    addresses: [],
    usages: ['server'],
  };
}

/**
 * The identities of a service or task: towards others, towards each engine that it uses, and those
 * that it signs with.
 */
export function identities(
  graph: PlatformGraph,
  caller: string,
  usages: IdentitySpec['usages'],
  uses: readonly EngineUse[],
): readonly IdentitySpec[] {
  const uris = [spiffeId(graph, caller)];
  const own = { uris, dnsNames: [], addresses: [] };
  const signatures = graph.services.find(({ name }) => name === caller)?.signs ?? [];
  return [
    { ...own, folder: IDENTITY_FOLDER, usages },
    ...uses.flatMap((use) => use.identities),
    ...signatures.map((signature): IdentitySpec => ({
      ...own,
      folder: signingFolder(signature),
      usages: ['sign'],
    })),
  ];
}

/** What a service or task gets of each engine that it uses. */
export function engineUses(context: LoweringContext, workload: string): readonly EngineUse[] {
  return context.engines.map((engine) => engine.use(context, workload));
}

/** The file with the addresses of a callee, beside the properties of its binding. */
const ADDRESSES_FILE = 'addresses';

/** The live file in which a caller finds the addresses of a service. */
export function addressFile(callee: string): string {
  return `${BINDINGS_FOLDER}/${callee}/${ADDRESSES_FILE}`;
}

/** Binding folders for the services that a caller may call; their address lists are live. */
export function callFiles(
  { graph, settings }: LoweringContext,
  caller: string,
): { readonly files: Files; readonly liveFiles: Files } {
  const callees = graph.calls
    .filter((edge) => edge.from === caller)
    .map((edge) => serviceNamed(graph, edge.to));
  const port = settings.portBase + PORT_OFFSETS.service;
  const bindings = callBindings(graph, caller, (callee) => ({
    uri: `${ADDRESSES_SCHEME}:${callee}/${ADDRESSES_FILE}`,
  }));
  return {
    files: merged(
      Object.entries(bindings).map(([name, properties]) => bindingFolder(name, properties)),
    ),
    liveFiles: merged(
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

/** The service of that name. Throws Error for one that is not landed, which is a bug. */
export function serviceNamed(graph: PlatformGraph, name: string): ServiceNode {
  const service = graph.services.find((candidate) => candidate.name === name);
  if (service === undefined) throw new Error(`Service '${name}' is not in the landed graph`);
  return service;
}
