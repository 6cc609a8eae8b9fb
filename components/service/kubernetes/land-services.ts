import path from 'node:path';
import { helm } from '@pulumi/kubernetes';
import { declarePart } from '../../kubernetes/declare-part.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import { replaceFolder } from '../../kubernetes/replace-folder.ts';
import type { ServicesPlace } from '../../kubernetes/services-place.ts';
import { serviceChart } from '../chart/chart-files.ts';
import type { ServiceLanding } from '../service.ts';
import type { NounLanding } from '../../noun-landing.ts';
import { lowerServices } from './lower-services.ts';
import type { ChartedService } from './lower-services.ts';

/** Writes the chart of each service and installs it; Helm's values stay those of the chart. */
export function landServices(
  lowered: readonly ChartedService[],
  { chartsFolder, environment, namespace, rollouts }: ServicesPlace,
): ServiceLanding {
  return (parent, args) => {
    const service = lowered.find((candidate) => candidate.name === args.service);
    if (service === undefined) throw new Error(`Service '${args.service}' is not landed`);
    const { version, files } = serviceChart(service);
    const folder = path.join(chartsFolder, environment, service.name);
    replaceFolder(folder, files);
    // Relative to where Pulumi runs program and providers, so that no machine's path gets into a state.
    const chart = `./${path.relative(process.cwd(), folder)}`;
    const release = new helm.v3.Release(
      `release-${service.name}`,
      // The path stays the same whatever is in the chart: its version tells of a change.
      { name: service.name, namespace, chart, version, atomic: true },
      { parent, dependsOn: [...args.zones.foundation, ...args.after] },
    );
    // Whoever waits for the service waits for its Rollout too.
    declarePart(rollouts[service.name] ?? { steps: [] }, { parent, dependsOn: [release] });
    return { replicas: [] };
  };
}

/** Services in a cluster. */
export const kubernetesServices: NounLanding<
  KubernetesLowering,
  readonly ChartedService[],
  ServicesPlace,
  ServiceLanding
> = { lower: lowerServices, land: landServices };
