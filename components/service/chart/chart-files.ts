import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { kubeVersionOf, SUPPORTED_KUBERNETES } from '../../cluster/supported-kubernetes.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { canonicalJson } from '../../model/serialise.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import { defaultValues, values } from './chart-values.ts';
import { contradictions, CONTRADICTIONS_FILE } from './contradictions.ts';
import { shortDigest } from './names.ts';
import { serviceObjects } from './service-objects.ts';

/** Stands for the value of helm.sh/chart, which holds the digest of the text that it is part of. */
const CHART_LABEL = 'label-of-the-chart';

/** A Helm chart as it lies in a folder. */
export interface ServiceChart {
  /** The program's version and the digest of the files. */
  readonly version: string;
  /** Texts by their path in the chart. */
  readonly files: Readonly<Record<string, string>>;
}

/** A service's Helm chart: the same bytes for the same service. */
export function serviceChart(service: ChartedService): ServiceChart {
  const { name, version, summary } = service;
  const files = {
    'values.yaml': Yaml.stringify(defaultValues(service)),
    'values.schema.json': canonicalJson(values.schema()),
    ...values.templates(templates(service)),
    [CONTRADICTIONS_FILE]: contradictions(service),
  };
  const digest = shortDigest(canonicalJson({ name, version, summary, files }));
  // SemVer calls what follows the plus build metadata; a label cannot have a plus.
  const label = `${name}-${version}_${digest}`;
  const chart = {
    apiVersion: 'v2',
    name,
    description: summary,
    type: 'application',
    version: `${version}+${digest}`,
    appVersion: version,
    kubeVersion: kubeVersionOf(SUPPORTED_KUBERNETES),
  };
  return {
    version: chart.version,
    files: {
      'Chart.yaml': Yaml.stringify(chart),
      ...Object.fromEntries(
        Object.entries(files).map(([file, text]) => [file, text.replaceAll(CHART_LABEL, label)]),
      ),
    },
  };
}

/** One file for each kind of object. */
function templates(service: ChartedService): Readonly<Record<string, string>> {
  const chart = new Chart(new App(), service.name);
  for (const object of serviceObjects(service).map(ofChart)) {
    new ApiObject(chart, `${object.kind}-${object.metadata.name}`, object as ApiObjectProps);
  }
  const byKind = Map.groupBy(chart.toJson() as readonly Manifest[], ({ kind }) => kind);
  return Object.fromEntries(
    [...byKind].map(([kind, ofKind]) => [
      `templates/${kind.toLowerCase()}.yaml`,
      Yaml.stringify(...ofKind),
    ]),
  );
}

/** An object with the labels that tell Helm's users which chart it is of. Source: Helm 3, "Labels and Annotations". */
function ofChart(object: Manifest): Manifest {
  const { labels, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': CHART_LABEL },
    },
  };
}
