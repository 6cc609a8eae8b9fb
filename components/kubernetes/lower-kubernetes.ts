import { PlatformError } from '../model/platform-error.ts';
import { lowerChartedServices } from '../service/kubernetes/lower-services.ts';
import type { ChartedService } from '../service/kubernetes/lower-services.ts';
import type { KubernetesContext } from './lowering.ts';

/** What runs in a cluster, as plain JSON: charts are written from it and nothing else. */
export interface KubernetesStack {
  readonly services: readonly ChartedService[];
}

/** What a graph becomes in a cluster. Pure. Throws PlatformError SETTINGS_INVALID. */
export function lowerKubernetes(context: KubernetesContext): KubernetesStack {
  checkImages(context);
  return { services: lowerChartedServices(context) };
}

function checkImages({ graph, settings }: KubernetesContext): void {
  const names = graph.services.map(({ name }) => name);
  const known = names.map((name) => `'${name}'`).join(', ');
  const problems = Object.keys(settings.images)
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `Setting 'meridian:images.${name}': must be for a service (${known}), got '${name}'; remove it in ${settings.file}`,
    );
  if (problems.length > 0) {
    throw new PlatformError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }
}
