import { chartFiles } from '../service/chart/chart-files.ts';
import type { KubernetesStack } from './lower-kubernetes.ts';

/** The charts of a stack: texts by their path under the folder that they are written to. */
export function renderCharts({ services }: KubernetesStack): Readonly<Record<string, string>> {
  return Object.fromEntries(
    services.flatMap((service) =>
      Object.entries(chartFiles(service)).map(([file, text]) => [`${service.name}/${file}`, text]),
    ),
  );
}
