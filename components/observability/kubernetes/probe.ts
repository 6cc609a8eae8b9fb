import { ZONE_VARIABLE } from '@meridian/language/process-folder.ts';
import { probesEdgeBundle } from '../../certificates/authorities.ts';
import { probesEdgeTrustBundle } from '../../certificates/issuers.ts';
import { edgeInside } from '../../edge/kubernetes/edge-inside.ts';
import { credentialsSteps } from '../../kubernetes/credentials-job.ts';
import type { KubernetesZone } from '../../kubernetes/kubernetes-settings.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { Manifest, Step } from '../../kubernetes/manifest.ts';
import { placedInZone } from '../../kubernetes/placed-in-zone.ts';
import { SECRET_MODE } from '../../service/chart/names.ts';
import type { Configured } from '../../service/chart/names.ts';
import type { Mounted } from '../../service/chart/volumes.ts';
import { PROBE, PROBE_ENTRY, probeBinding, probeName, probePhase } from '../probes.ts';
import { PROBE_MIB } from '../watch-sizes.ts';
import { watchConfiguration, watchDeployment, watchFoundation } from './watch-pods.ts';

/** Where its pods find the password of their account, and whom users trust. */
const ACCOUNT_FOLDER = 'account';
const TRUST_FOLDER = 'edge-trust';

/** The Secret with the passwords of all zones' accounts, which a Job makes in the cluster. */
const ACCOUNTS_SECRET = 'probe-accounts';

/**
 * A probe in each zone, pinned to it, among the services: its identity is that of its ServiceAccount, and it may reach
 * the edge alone. First what it is and may do and the passwords of its accounts, then the pods.
 */
export function probeSteps(context: KubernetesLowering): readonly Step[] {
  const { graph, settings } = context;
  const configured = configuration(context);
  const trusts = settings.edge.issuer === undefined;
  return [
    {
      manifests: [
        ...watchFoundation(context, configured, [edgeInside(context).egress]),
        ...(trusts ? [probesEdgeBundle(context)] : []),
      ],
    },
    ...credentialsSteps(context, {
      engine: PROBE,
      users: settings.zones.map(({ name }) => ({ name: probeName(name), bindings: [] })),
      engineForm: {
        ...{ kind: 'keyed', namespace: settings.namespaces.data, secret: ACCOUNTS_SECRET },
        copies: [graph.namespace],
      },
    }),
    { manifests: settings.zones.map((zone) => deployment(context, configured, zone)) },
  ];
}

/** The same for all zones. */
function configuration(context: KubernetesLowering): Configured {
  const { graph, settings } = context;
  const { host, port } = edgeInside(context);
  const edge = probeBinding({
    uri: `https://${settings.edge.host}`,
    'connect-to': `${host}:${port}`,
    'password-file': `${ACCOUNT_FOLDER}/password`,
    ...(settings.edge.issuer === undefined
      ? { 'ca-file': `${TRUST_FOLDER}/${probesEdgeTrustBundle(graph).key}` }
      : {}),
  });
  return watchConfiguration(context, PROBE, {}, { [edge.name]: edge.properties });
}

/** Two at once would share an account and its session. */
function deployment(
  context: KubernetesLowering,
  configured: Configured,
  zone: KubernetesZone,
): Manifest {
  return watchDeployment(context, {
    ...{ name: probeName(zone.name), configured, entry: PROBE_ENTRY },
    summary: `Asks the edge from zone ${zone.name} as users do`,
    labels: { 'meridian/zone': zone.name },
    args: [String(probePhase(context.settings.zones, zone.name))],
    environment: [{ name: ZONE_VARIABLE, value: zone.name }],
    mounted: mountedFiles(context, zone),
    memoryMib: PROBE_MIB,
    placement: { affinity: placedInZone(zone) },
  });
}

function mountedFiles(
  { graph, settings }: KubernetesLowering,
  zone: KubernetesZone,
): readonly Mounted[] {
  const items = [{ key: probeName(zone.name), path: 'password' }];
  const bundle = { name: probesEdgeTrustBundle(graph).name };
  return [
    {
      folder: ACCOUNT_FOLDER,
      volume: {
        name: ACCOUNT_FOLDER,
        secret: { secretName: ACCOUNTS_SECRET, defaultMode: SECRET_MODE, items },
      },
    },
    ...(settings.edge.issuer === undefined
      ? [{ folder: TRUST_FOLDER, volume: { name: TRUST_FOLDER, configMap: bundle } }]
      : []),
  ];
}
