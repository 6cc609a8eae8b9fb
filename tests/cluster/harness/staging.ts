import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ForeignChart } from '@meridian/components/kubernetes/manifest.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { parse } from 'yaml';
import { platform } from '../../../infra/platform-graph.ts';
import { stagingSettings } from '../../../stacks/staging.ts';
import { programFolder } from '../../end-to-end/platform-under-test.ts';
import { addNamespace } from './controllers.ts';
import { applyManifests } from './manifests.ts';
import type { TestCluster } from './test-cluster.ts';

const execute = promisify(execFile);

/** The namespace of the services. */
export const NAMESPACE = 'meridian';

const settings = stagingSettings({});

/** The graph of the staging stack, as far as it is deployed. */
export const graph = landed(platform(settings));

/** The services of the staging stack, by name. */
export const services = graph.services.map(({ name }) => name);

/** What `npm run render` has written of the staging stack. */
export interface RenderedStack {
  readonly charts: string;
  /** Has a folder for each noun; `services` has what the charts install, as the program declares it. */
  readonly manifests: string;
}

/** The charts of others that the stack installs. */
export function renderedCharts({ manifests }: RenderedStack): readonly ForeignChart[] {
  return globSync('*/*-release-*.yaml', { cwd: manifests }).map(
    (file) => parse(readFileSync(join(manifests, file), 'utf8')) as ForeignChart,
  );
}

/** Renders the staging stack as a user does. */
async function renderStaging(cluster: TestCluster): Promise<RenderedStack> {
  const out = join(cluster.folder, 'rendered');
  const main = join(programFolder, 'tools/meridian/main.ts');
  const command = ['--disable-warning=ExperimentalWarning', main, 'render', '--stack', 'staging'];
  const environment = { ...process.env, NODE_OPTIONS: '' };
  await execute(process.execPath, [...command, '--out', out], { env: environment });
  askPlainly(join(out, 'charts'));
  return { charts: join(out, 'charts'), manifests: join(out, 'manifests') };
}

/** Has KEDA and Argo Rollouts ask Prometheus without TLS: what stands in for it has no certificate to show. */
function askPlainly(charts: string): void {
  for (const file of globSync(`${charts}/*/templates/*.yaml`)) {
    const text = readFileSync(file, 'utf8')
      .replaceAll('https://prometheus.', 'http://prometheus.')
      .replaceAll(/- authenticationRef:\n +name: prometheus\n +metadata:/g, '- metadata:')
      .replaceAll(/\n +authModes: tls/g, '');
    writeFileSync(file, text);
  }
}

/**
 * Renders the stack and makes its ground: its namespaces with their quotas and policies, and those that belong to
 * whoever runs the cluster.
 */
export async function addGround(cluster: TestCluster): Promise<RenderedStack> {
  const stack = await renderStaging(cluster);
  const { refusals } = await applyManifests(cluster, stack.manifests, ['cluster']);
  if (refusals !== '') throw new Error(refusals);
  for (const name of Object.values({ ...settings.namespaces })) await addNamespace(cluster, name);
  return stack;
}

/** A digest that an image could have, the same for the same text. */
export function imageDigest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Installs the chart of a service or brings it to another image, as a release does. */
export async function installChart(
  cluster: TestCluster,
  { charts }: RenderedStack,
  service: string,
  values: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  const given = { 'image.digest': imageDigest(service), ...values };
  await cluster.helm(
    'upgrade',
    '--install',
    ...[service, join(charts, service)],
    ...['--namespace', NAMESPACE],
    ...Object.entries(given).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  );
}

/** Every chart of the stack, which is every service. */
export function chartNames({ charts }: RenderedStack): readonly string[] {
  return readdirSync(charts).toSorted();
}
