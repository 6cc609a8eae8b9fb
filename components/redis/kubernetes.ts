import { BINDINGS_FOLDER } from '@meridian/language/process-folder.ts';
import {
  engineClientCertificate,
  engineServerCertificate,
} from '../certificates/engine-certificate.ts';
import { bindingSecretName } from '../kubernetes/binding-secret.ts';
import { credentialsSteps } from '../kubernetes/credentials-job.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import { bindingSecrets } from '../kubernetes/engine.ts';
import type { EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import { selectorLabels } from '../kubernetes/labels.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart, Manifest, Step } from '../kubernetes/manifest.ts';
import { networkPolicy } from '../kubernetes/network-policy.ts';
import {
  monitorBinding,
  monitorBindings,
  monitorCertificate,
  monitorPeer,
} from '../observability/engines/cluster-monitor.ts';
import {
  ENGINE_METRICS_PROCESS,
  MONITOR,
  MONITOR_BINDINGS,
  MONITOR_GRANTS,
} from '../observability/engines/monitor.ts';
import {
  REDIS_PORT,
  redisPods,
  SERVER_NAME,
  SERVER_SECRET,
  USERS_SECRET,
  VALKEY_IMAGE,
} from './kubernetes/names.ts';
import { DEFAULT_USER, valkeyChart } from './kubernetes/valkey.ts';
import { redisBinding, REDIS_IDENTITY_FOLDER } from './redis-binding.ts';
import { redisUsers as engineUsers } from './redis-users.ts';
import { redisGrants, redisUsers } from './redis-grants.ts';
import type { RedisLanding } from './redis.ts';

/** A server with one address, and its users. */
export interface KubernetesRedis extends KubernetesPart {
  readonly host: string;
  readonly port: number;
}

/** What a graph needs of it; nothing at all where no service has a key space. */
export function lowerRedis(context: KubernetesContext): KubernetesRedis {
  const { graph, settings } = context;
  const { clusterDomain, namespaces } = settings;
  const place = {
    host: `${SERVER_NAME}.${namespaces.data}.svc.${clusterDomain}`,
    port: REDIS_PORT,
  };
  return { ...place, steps: redisUsers(graph).length === 0 ? [] : steps(context, place) };
}

/** Declares it in the cluster. */
export function landRedis(lowered: KubernetesRedis): RedisLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: zones.foundation });
    return { host: lowered.host, port: lowered.port };
  };
}

function steps(
  context: KubernetesContext,
  place: { readonly host: string; readonly port: number },
): readonly Step[] {
  const { data } = context.settings.namespaces;
  return [
    { manifests: [...certificates(context, place.host), accessPolicy(context)] },
    ...credentialsSteps(context, {
      engine: 'redis',
      users: users(context, place),
      engineForm: { kind: 'keyed', namespace: data, secret: USERS_SECRET },
    }),
    { charts: [valkeyChart(context)] },
  ];
}

/** The chart asks for a password of the default user too, though nobody can be that user. */
function users(
  { graph }: KubernetesContext,
  place: { readonly host: string; readonly port: number },
) {
  const grants = redisGrants(graph);
  const boundTo = (
    grant: Parameters<typeof redisBinding>[0],
    folder: string,
    binding = folder,
  ) => ({
    secret: bindingSecretName(binding),
    properties: redisBinding(grant, {
      ...place,
      passwordFile: `${BINDINGS_FOLDER}/${folder}/password`,
    }),
  });
  const { redis: folder } = MONITOR_BINDINGS;
  return [
    { name: DEFAULT_USER, bindings: [] },
    ...redisUsers(graph).map(({ name }) => ({
      name,
      bindings: grants
        .filter(({ user }) => user === name)
        .map((grant) => boundTo(grant, grant.binding)),
    })),
    { name: MONITOR, bindings: [boundTo(MONITOR_GRANTS.redis, folder, monitorBinding(folder))] },
  ];
}

function certificates(context: KubernetesContext, host: string): readonly Manifest[] {
  return [
    engineServerCertificate(context, {
      namespace: context.settings.namespaces.data,
      secret: SERVER_SECRET,
      commonName: SERVER_NAME,
      dnsNames: [host],
    }),
    ...redisUsers(context.graph).map(({ name }) =>
      engineClientCertificate(context, {
        service: name,
        secret: `${name}-${REDIS_IDENTITY_FOLDER}`,
        commonName: name,
      }),
    ),
    monitorCertificate(context, REDIS_IDENTITY_FOLDER),
  ];
}

/** Only services with a key space and who asks how it is reach it, and it reaches nobody. */
function accessPolicy(context: KubernetesContext): Manifest {
  const { graph, settings } = context;
  const services = redisUsers(graph).map(({ name }) => ({
    namespace: graph.namespace,
    pods: selectorLabels(graph, name),
  }));
  return networkPolicy({
    name: SERVER_NAME,
    namespace: settings.namespaces.data,
    pods: redisPods(graph.name),
    ingress: [{ peers: [...services, monitorPeer(context)], ports: [REDIS_PORT] }],
    egress: [],
  });
}

function useRedis({ graph, settings }: KubernetesContext, workload: string): EngineUse | undefined {
  const all = redisGrants(graph);
  const grants = all.filter(({ service }) => service === workload);
  const isMonitor = workload === ENGINE_METRICS_PROCESS && all.length > 0;
  if (grants.length === 0 && !isMonitor) return undefined;
  const peer = { namespace: settings.namespaces.data, pods: redisPods(graph.name) };
  return {
    engine: 'redis',
    bindings: isMonitor
      ? monitorBindings(MONITOR_BINDINGS.redis)
      : bindingSecrets(grants.map(({ binding }) => binding)),
    identityFolder: REDIS_IDENTITY_FOLDER,
    egress: { peers: [peer], ports: [REDIS_PORT] },
  };
}

/** Redis in a cluster; the chart needs no operator. */
export const kubernetesRedis: KubernetesEngine<KubernetesRedis, RedisLanding> = {
  lower: lowerRedis,
  land: landRedis,
  images: [VALKEY_IMAGE],
  use: useRedis,
  containers: { valkey: engineUsers.job },
};
