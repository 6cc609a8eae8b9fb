import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { TestCluster } from './test-cluster.ts';

/** What is installed in place of a chart that is not at hand. */
export interface ChartStandIn {
  readonly name: string;
  readonly namespace: string;
  readonly version: string;
  readonly values: object;
  /** Its templates. */
  readonly objects: readonly object[];
}

/** Installs a chart of a few objects under the name, version and values of one that others publish, by Helm. */
export async function installStandIn(
  cluster: TestCluster,
  { name, namespace, version, values, objects }: ChartStandIn,
): Promise<void> {
  const folder = join(cluster.folder, `chart-${name}`);
  await mkdir(join(folder, 'templates'), { recursive: true });
  const files = {
    'Chart.yaml': { apiVersion: 'v2', name, version },
    'given.yaml': values,
    ...Object.fromEntries(objects.map((object, index) => [`templates/${index}.yaml`, object])),
  };
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(folder, file), stringify(content));
  }
  await cluster.helm(
    ...['upgrade', '--install', name, folder],
    ...['--namespace', namespace, '--values', join(folder, 'given.yaml')],
  );
}
