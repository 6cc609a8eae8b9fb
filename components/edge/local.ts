import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { EDGE_ADDRESS, EDGE_ZONE, PORT_OFFSETS } from '../local/addresses.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { installedVersion } from '../service/program-sources.ts';
import { canonicalJson } from '../model/serialise.ts';
import type { NounLanding } from '../noun-landing.ts';
import { EDGE_IDENTITY } from '../service/service-configuration.ts';
import { listenOf, replicasOf } from '../service/local.ts';
import { landAgent, lowerAgent } from '../zones/local.ts';
import type { LocalAgent } from '../zones/local.ts';
import type { EdgeLanding } from './edge.ts';
import { envoyBootstrap } from './local/envoy-bootstrap.ts';
import { endpointsFile } from './local/envoy-endpoints.ts';
import type { Upstream } from './local/envoy-endpoints.ts';
import { ORIGIN_IDENTITY, secretFiles, SERVER_IDENTITY } from './local/envoy-secrets.ts';

/** Envoy and the agent of the point of presence that runs it. */
export interface LocalEdge {
  readonly agent: LocalAgent;
  readonly process: ProcessSpec;
  /** Name of the service behind the edge. */
  readonly gateway: string;
  readonly url: string;
}

/** Envoy in front of the gateways of all zones. */
export function lowerEdge(context: LoweringContext): LocalEdge {
  const { graph, settings } = context;
  const gateway = graph.services.find((service) => service.exposure === 'edge');
  const upstreams =
    gateway === undefined
      ? []
      : replicasOf(context, gateway).map((placement) => listenOf(context, placement));
  return {
    agent: lowerAgent(EDGE_ZONE, settings.leafLifetimeSeconds),
    process: envoyProcess(context, upstreams, spiffeId(graph, gateway?.name ?? '')),
    gateway: gateway?.name ?? '',
    url: `https://localhost:${settings.edgePort}`,
  };
}

function envoyProcess(
  { graph, settings, sources }: LoweringContext,
  upstreams: readonly Upstream[],
  gatewaySpiffeId: string,
): ProcessSpec {
  const address = EDGE_ADDRESS;
  const port = settings.edgePort;
  const adminPort = settings.portBase + PORT_OFFSETS.edgeAdmin;
  const bootstrap = envoyBootstrap({ address, port, adminPort, gatewaySpiffeId });
  return {
    name: 'envoy',
    revision: installedVersion(sources, 'envoy'),
    command: [
      '${cache}/envoy/current/bin/envoy',
      '--config-path',
      '${self}/envoy.json',
      '--disable-hot-restart',
      '--concurrency',
      '2',
      '--log-level',
      'warning',
    ],
    environment: {},
    files: { 'envoy.json': canonicalJson(bootstrap), ...secretFiles() },
    liveFiles: endpointsFile(upstreams),
    identities: [
      {
        folder: SERVER_IDENTITY,
        uris: [],
        commonName: 'localhost',
        dnsNames: ['localhost'],
        addresses: [address],
        usages: ['server'],
      },
      {
        folder: ORIGIN_IDENTITY,
        uris: [spiffeId(graph, EDGE_IDENTITY)],
        dnsNames: [],
        addresses: [],
        usages: ['client'],
      },
    ],
    listens: [
      { name: 'https', address, port },
      { name: 'admin', address, port: adminPort },
    ],
    readiness: {
      kind: 'http',
      url: `http://${address}:${adminPort}/ready`,
      timeoutSeconds: 60,
    },
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    onRenew: 'none',
    runs: 'always',
    data: false,
  };
}

/** Runs Envoy in an agent of its own, once the gateways are up. */
export function landEdge(lowered: LocalEdge): EdgeLanding {
  return (parent, name, { certificates, gateway }) => {
    const host = landAgent(parent, `${name}-agent`, lowered.agent, certificates);
    new Process(
      `${name}-envoy`,
      { zone: host.zone, spec: lowered.process },
      { parent, dependsOn: [host.resource, gateway], deletedWith: host.resource },
    );
    return { url: lowered.url };
  };
}

/** The edge on this machine. */
export const localEdge: NounLanding<LoweringContext, LocalEdge, undefined, EdgeLanding> = {
  lower: lowerEdge,
  land: landEdge,
};
