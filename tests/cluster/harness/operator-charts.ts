import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { writeFile } from 'node:fs/promises';
import { cacheFolder } from '../../../tools/engines/cache.ts';
import { moduleChartFolder, type ModuleChartName } from '../../../tools/engines/operator-charts.ts';
import type { RenderedStack } from './staging.ts';
import type { TestCluster } from './test-cluster.ts';

/** A chart of others, as the stack has it installed. */
interface InstalledChart {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly values: object;
}

/**
 * Installs the chart of an operator out of its module, as the stack says: under its name, in its namespace, with its values.
 * It ends when its pods are ready, which here say so and run nothing.
 */
export async function installOperatorChart(
  cluster: TestCluster,
  { manifests }: RenderedStack,
  chart: ModuleChartName,
): Promise<InstalledChart> {
  const installed = globSync('*/*-release-*.yaml', { cwd: manifests })
    .map((file) => parse(readFileSync(join(manifests, file), 'utf8')) as InstalledChart)
    .find((one) => one.chart.split('/').at(-1) === chart);
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
