import { ENGINE_POLL_VARIABLE } from '@meridian/language/engine-metrics.ts';
import { ZONE_VARIABLE } from '@meridian/language/process-folder.ts';
import { ZONE_LABEL } from '../../kubernetes/placed-in-zone.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { Step } from '../../kubernetes/manifest.ts';
import { mountedSecret } from '../../service/chart/volumes.ts';
import { engineUses } from '../../service/kubernetes/lower-services.ts';
import { mountedSecrets } from '../../service/kubernetes/mounted-secrets.ts';
import { SCRAPE_INTERVAL_SECONDS } from '../defaults.ts';
import { ENGINE_METRICS_ENTRY, ENGINE_METRICS_PROCESS, MONITOR_POOL } from '../engines/monitor.ts';
import { ENGINE_METRICS_MIB } from '../watch-sizes.ts';
import { endpointOf, ownCertificates, towards } from './watched-certificates.ts';
import { watchConfiguration, watchDeployment, watchFoundation } from './watch-pods.ts';

/** A node that went away is given up after this and not after five minutes: nobody knows of engines meanwhile. */
const GIVEN_UP_AFTER_SECONDS = 10;

/**
 * What asks engines how they are, among the services: one for all zones, which runs wherever there is room. It reaches
 * engines, with what each gives it as it gives services theirs, and where operators show certificates that they made
 * themselves, and nothing else.
 */
export function engineMetricsSteps(context: KubernetesLowering): readonly Step[] {
  const name = ENGINE_METRICS_PROCESS;
  const uses = engineUses(context, name);
  const configured = watchConfiguration(context, name, { databaseConnections: MONITOR_POOL });
  const certificates = ownCertificates(context);
  const egress = [...uses.flatMap((use) => use.egress ?? []), ...certificates.map(towards)];
  const deployment = watchDeployment(context, {
    ...{ name, configured, entry: ENGINE_METRICS_ENTRY },
    summary:
      'Asks engines how they are and operators for their certificates, and serves that as metrics',
    args: certificates.map((certificate) => endpointOf(context, certificate)),
    // It waits for what engines give it, and nobody waits for it.
    annotations: { 'pulumi.com/skipAwait': 'true' },
    environment: [
      {
        name: ZONE_VARIABLE,
        valueFrom: { fieldRef: { fieldPath: `metadata.labels['${ZONE_LABEL}']` } },
      },
      { name: ENGINE_POLL_VARIABLE, value: String(SCRAPE_INTERVAL_SECONDS * 1_000) },
    ],
    mounted: mountedSecrets({ name, signs: [] }, uses).map(mountedSecret),
    memoryMib: ENGINE_METRICS_MIB,
    placement: {
      tolerations: ['unreachable', 'not-ready'].map((trouble) => ({
        ...{ key: `node.kubernetes.io/${trouble}`, operator: 'Exists', effect: 'NoExecute' },
        tolerationSeconds: GIVEN_UP_AFTER_SECONDS,
      })),
    },
  });
  return [{ manifests: watchFoundation(context, configured, egress) }, { manifests: [deployment] }];
}
