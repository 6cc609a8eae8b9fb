import { KUBERNETES_ENGINES } from '../kubernetes/kubernetes-nouns.ts';
import type { KubernetesSettings } from '../kubernetes/kubernetes-settings.ts';
import { lowerKubernetes } from '../kubernetes/lower-kubernetes.ts';
import type { KubernetesStack } from '../kubernetes/lower-kubernetes.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import { buildGraph } from '../model/build-graph.ts';
import { landed } from '../model/landed.ts';
import type { PlatformProps } from '../model/platform.ts';
import { samplePlatform } from '../model/testing/sample-platform.ts';
import type { ChartedService } from '../service/kubernetes/lower-services.ts';

export const sampleClusterSettings: KubernetesSettings = {
  landing: 'kubernetes',
  file: 'Pulumi.sample.yaml',
  environment: 'sample',
  trustDomain: samplePlatform.trustDomain,
  zones: samplePlatform.zones.map((zone) => ({ ...zone, topologyZone: `zone-${zone.name}` })),
  registry: 'registry.example/sample',
  images: {},
  pins: {},
  imagePullSecrets: [],
  edge: { host: 'sample.example', canaryPercent: 0 },
  clusterDomain: 'cluster.local',
  operators: 'program',
  namespaces: {
    edge: 'edge',
    observability: 'watch',
    nodeLogs: 'node-logs',
    data: 'data',
  },
  dns: {
    pods: [{ namespace: 'dns', labels: { 'k8s-app': 'kube-dns' } }],
    networks: [],
    ports: [53],
  },
  apiServer: { networks: ['10.0.0.1/32'], ports: [6_443] },
  kafka: { brokers: 3, controllers: 3 },
  externals: {},
  passwordGeneration: 1,
  postgres: {},
  telemetry: { traceSamplePercent: 100, heartbeat: { given: false, needed: false } },
};

/** The sample platform, or another one, lowered to a cluster. */
export function sampleCluster(
  settings: Partial<KubernetesSettings> = {},
  platform: PlatformProps = samplePlatform,
): KubernetesStack {
  return lowerKubernetes(sampleClusterContext(settings, platform));
}

/** What a lowering looks at, for the sample platform or another one, all services of which have code here. */
export function sampleClusterContext(
  settings: Partial<KubernetesSettings> = {},
  platform: PlatformProps = samplePlatform,
): KubernetesLowering {
  return {
    engines: KUBERNETES_ENGINES,
    graph: landed(buildGraph(withCode(platform))),
    settings: { ...sampleClusterSettings, ...settings },
    version: '1.2.3',
    migrations: { 'services/shelf/migrations': 'migrations-digest' },
  };
}

function withCode(platform: PlatformProps): PlatformProps {
  const services = platform.services.map((service) => ({ ...service, implemented: true }));
  return { ...platform, services };
}

/** One service of a lowered platform. Throws Error when there is none of that name. */
export function chartedService(stack: KubernetesStack, name: string): ChartedService {
  const service = stack.services.find((candidate) => candidate.name === name);
  if (service === undefined) throw new Error(`The sample has no service '${name}'`);
  return service;
}
