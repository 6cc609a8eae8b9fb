import type {
  ClusterNeeds,
  NeededDefinitions,
} from '../../providers/cluster/resources/cluster-check.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import { externalSecretsDefinitions } from './external-secrets.ts';
import { operators } from './operators.ts';
import { SUPPORTED_KUBERNETES } from './supported-kubernetes.ts';

/** What a cluster has to be like before anything is made in it. */
export function clusterNeeds(context: KubernetesLowering): ClusterNeeds {
  const { file, zones, dns, operators: installer } = context.settings;
  return {
    file,
    kubernetes: SUPPORTED_KUBERNETES,
    zones: zones.map(({ name, topologyZone }) => ({ name, topologyZone })),
    dns: { pods: dns.pods, ports: dns.ports },
    operators: installer,
    definitions: [...neededDefinitions(context), ...externalSecretsDefinitions(context)],
  };
}

function neededDefinitions(context: KubernetesLowering): readonly NeededDefinitions[] {
  return operators(context).flatMap(({ chart: { name, namespace }, release, kinds: groups = [] }) =>
    groups.map(({ apiVersion, kinds, release: said = release.version }) => ({
      operator: name,
      namespace,
      release: said,
      apiVersion,
      kinds,
    })),
  );
}
