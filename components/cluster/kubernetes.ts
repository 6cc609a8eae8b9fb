import { Config, runtime } from '@pulumi/pulumi';
import { ClusterCheck } from '../../providers/cluster/resources/cluster-check.ts';
import type {
  CheckedAccess,
  ClusterNeeds,
} from '../../providers/cluster/resources/cluster-check.ts';
import { SPIFFE_DRIVER_NAMESPACE } from '../certificates/issuers.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { NounLanding } from '../noun-landing.ts';
import { CLUSTER_IN_PLACE } from './cluster.ts';
import type { ClusterLanding } from './cluster.ts';
import { clusterNeeds } from './cluster-needs.ts';
import { defaultDeny } from './default-deny.ts';
import { externalSecrets } from './external-secrets.ts';
import { namespaces } from './namespaces.ts';
import { argoRollouts, certManager, installedHere, operators, spiffeDriver } from './operators.ts';
import { priorityClasses } from './priority-classes.ts';
import { limitRange, nodeCriticalQuota, servicesQuota } from './quotas.ts';

/** Namespaces, quotas, priority classes and operators. */
export interface KubernetesCluster extends KubernetesPart {
  /** What the cluster has to be like before. */
  readonly needs: ClusterNeeds;
}

/**
 * What a graph needs of it. The SPIFFE driver and Argo Rollouts are not here: they start with root certificates,
 * so the certificates bring them along.
 */
export function lowerCluster(context: KubernetesLowering): KubernetesCluster {
  const { graph, settings } = context;
  const { data, nodeLogs, observability } = settings.namespaces;
  const ours = [graph.namespace, data, observability, nodeLogs];
  const all = installedHere(context, operators(context)).map(({ chart }) => chart);
  // What others of them are certified by.
  const first = certManager(context).chart.name;
  const elsewhere = [first, spiffeDriver(context).chart.name, argoRollouts(context).chart.name];
  // Before all that mounts them or pulls with them.
  const brought = externalSecrets(context);
  const hasDriver = all.some(({ namespace }) => namespace === SPIFFE_DRIVER_NAMESPACE);
  return {
    needs: clusterNeeds(context),
    steps: [
      // What goes with a namespace, or with the definitions of a chart, are keys, data and the edge of everybody.
      { manifests: namespaces(context), protect: true },
      ...(brought.length === 0 ? [] : [{ manifests: brought }]),
      {
        manifests: [
          ...priorityClasses(graph),
          servicesQuota(context),
          ...(hasDriver ? [nodeCriticalQuota(graph)] : []),
          ...ours.map((namespace) => limitRange(graph, namespace)),
          ...ours.map((namespace) => defaultDeny(context, namespace)),
        ],
      },
      { charts: all.filter(({ name }) => name === first), protect: true },
      { charts: all.filter(({ name }) => !elsewhere.includes(name)), protect: true },
    ],
  };
}

/** Declares it in the cluster, if that is as it has to be. */
export function landCluster({ needs, ...part }: KubernetesCluster): ClusterLanding {
  return (parent) => {
    const check = new ClusterCheck(
      'cluster-check',
      { ...needs, access: accessOfProvider() },
      { parent },
    );
    declarePart(part, { parent, dependsOn: [check] });
    return CLUSTER_IN_PLACE;
  };
}

/** The way to the cluster that Pulumi's provider for Kubernetes takes. */
function accessOfProvider(): CheckedAccess {
  const config = new Config('kubernetes');
  const [context, kubeconfig] = [config.get('context'), config.getSecret('kubeconfig')];
  return {
    mayBeAway: runtime.isDryRun(),
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}

/** The ground of the platform in a cluster. */
export const kubernetesCluster: NounLanding<
  KubernetesLowering,
  KubernetesCluster,
  unknown,
  ClusterLanding
> = { lower: lowerCluster, land: landCluster };
