import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { archiveFile } from '@meridian/components/kubernetes/chart-archive.ts';
import { stringify } from 'yaml';

/** One ConfigMap; its name is the release's, as names of releases are unique in a namespace. */
const TEMPLATE = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: '{{ .Release.Name }}-chart-stand-in' },
  data: { values: '{{ .Values | toJson | sha256sum }}' },
};

/** What packs a chart: a folder for that, and Helm. A cluster for tests has both. */
export interface ChartPacker {
  readonly folder: string;
  helm(...args: readonly string[]): Promise<string>;
}

/**
 * Stands in for the archive of somebody else's chart, whose repository is not reached where tests run, and keeps it where
 * `npm run pins` would. It has the chart's name and version, and holds one ConfigMap, which tells by a digest of which
 * values it was made.
 *
 * @param folder the program's
 * @param reference as `chartReference` gives it: `https://charts.example/keda:2.21.0`
 * @returns the digest of its bytes
 */
export async function keepChartStandIn(
  packer: ChartPacker,
  folder: string,
  reference: string,
): Promise<string> {
  const [name = '', version = ''] = reference.slice(reference.lastIndexOf('/') + 1).split(':');
  const source = join(packer.folder, 'charts', `${name}-${version}`);
  mkdirSync(join(source, 'templates'), { recursive: true });
  writeFileSync(join(source, 'Chart.yaml'), stringify({ apiVersion: 'v2', name, version }));
  writeFileSync(join(source, 'templates/values.yaml'), stringify(TEMPLATE));
  await packer.helm('package', source, '--destination', dirname(source));
  const file = join(folder, archiveFile(reference));
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(`${source}.tgz`, file);
  return `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`;
}
