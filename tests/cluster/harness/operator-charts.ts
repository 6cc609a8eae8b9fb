import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ForeignChart } from '@meridian/components/kubernetes/manifest.ts';
import { stringify } from 'yaml';
import { cacheFolder } from '../../../tools/engines/cache.ts';
import { moduleChartFolder, type ModuleChartName } from '../../../tools/engines/operator-charts.ts';
import { renderedCharts } from './staging.ts';
import type { RenderedStack } from './staging.ts';
import type { TestCluster } from './test-cluster.ts';

/**
 * Installs the chart of an operator out of its module, as the stack says: under its name, in its namespace, with its values.
 * It ends when its pods are ready, which here say so and run nothing.
 */
export async function installOperatorChart(
  cluster: TestCluster,
  stack: RenderedStack,
  chart: ModuleChartName,
): Promise<ForeignChart> {
  const installed = renderedCharts(stack).find((one) => one.chart.split('/').at(-1) === chart);
  if (installed === undefined) throw new Error(`The stack does not install '${chart}'`);
  const values = join(cluster.folder, `${chart}.values.yaml`);
  await writeFile(values, stringify(installed.values));
  await cluster.helm(
    ...['install', installed.name, moduleChartFolder(cacheFolder(), chart)],
    ...['--namespace', installed.namespace, '--values', values],
    ...['--wait', '--timeout', '180s'],
  );
  return installed;
}
