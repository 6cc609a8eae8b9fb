import path from 'node:path';
import { helm } from '@pulumi/kubernetes';
import { declarePart } from '../../kubernetes/declare-part.ts';
import type { KubernetesPart } from '../../kubernetes/manifest.ts';
import { replaceFolder } from '../../kubernetes/replace-folder.ts';
import { serviceChart } from '../chart/chart-files.ts';
import { prerequisites } from '../service.ts';
import type { ServiceLanding } from '../service.ts';
import type { ChartedService } from './lower-services.ts';

/** Where and under what the charts of a stack are installed. */
export interface ChartPlace {
  /** Has a folder for each environment, and in it one for each chart. */
  readonly chartsFolder: string;
  /** Name of the environment. */
  readonly environment: string;
  readonly namespace: string;
  /** What follows the Release of each service, by name. */
  readonly rollouts: Readonly<Record<string, KubernetesPart>>;
}

/** Writes the chart of each service and installs it; Helm's values stay those of the chart. */
export function landServices(
  lowered: readonly ChartedService[],
  { chartsFolder, environment, namespace, rollouts }: ChartPlace,
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
      { parent, dependsOn: [...prerequisites(args)] },
    );
    // Whoever waits for the service waits for its Rollout too.
    declarePart(rollouts[service.name] ?? { steps: [] }, { parent, dependsOn: [release] });
    return { replicas: [] };
  };
}
