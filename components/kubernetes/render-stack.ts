import { Yaml } from 'cdk8s';
import { serviceChart } from '../service/chart/chart-files.ts';
import type { KubernetesPart } from './manifest.ts';
import { resourceName } from './resource-name.ts';
import type { PodsStack } from './lower-kubernetes.ts';
import { partsOf } from './parts-of.ts';

/** Texts by their path below a folder. */
export type RenderedFiles = Readonly<Record<string, string>>;

/** The charts of our own services, for whoever installs one by Helm: `<service>/Chart.yaml` and so on. */
export function renderCharts({ services }: PodsStack): RenderedFiles {
  return Object.fromEntries(
    services.flatMap((service) =>
      Object.entries(serviceChart(service).files).map(([file, text]) => [
        `${service.name}/${file}`,
        text,
      ]),
    ),
  );
}

/**
 * Every object that is declared, a file each: `<noun>/<step>-<object>.yaml`, and for a foreign chart
 * `<noun>/<step>-release-<name>.yaml` with its address, version and values. Steps are numbered in the
 * order in which they are created.
 */
export function renderManifests(stack: PodsStack): RenderedFiles {
  return Object.fromEntries(
    Object.entries(partsOf(stack)).flatMap(([noun, part]) =>
      Object.entries(renderPart(part)).map(([file, text]) => [`${noun}/${file}`, text]),
    ),
  );
}

/** What is declared of one noun, or of one service: `<step>-<object>.yaml`. */
export function renderPart({ steps }: KubernetesPart): RenderedFiles {
  return Object.fromEntries(
    steps.flatMap(({ charts = [], manifests = [] }, step) => [
      ...charts.map((chart) => [`${step + 1}-release-${chart.name}.yaml`, yaml(chart)]),
      ...manifests.map((manifest) => [
        `${step + 1}-${resourceName(manifest)}.yaml`,
        yaml(manifest),
      ]),
    ]),
  ) as RenderedFiles;
}

/** A value as a file has it: what stands in two places of it is written out in both. */
function yaml(value: unknown): string {
  return Yaml.stringify(JSON.parse(JSON.stringify(value)));
}
