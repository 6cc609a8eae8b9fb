import { describe, expect, test } from '@jest/globals';
import { LABELS } from '@meridian/kit/telemetry/names.ts';
import type { ClusterObject } from './rendered-chart.ts';
import { graph, lowered } from './lowered-staging.ts';
import { charts, objectsOf } from './rendered-chart.ts';

interface Relabelling {
  readonly source_labels?: readonly string[];
  readonly target_label?: string;
}

interface Scrape {
  readonly job_name: string;
  readonly kubernetes_sd_configs: readonly {
    readonly namespaces: { readonly names: readonly string[] };
  }[];
  readonly relabel_configs: readonly Relabelling[];
}

/** How the collector of each zone scrapes, as it is rendered. */
const scrapesByZone = lowered.observability.steps
  .flatMap(({ manifests = [] }) => manifests)
  .filter(({ kind, metadata }) => kind === 'ConfigMap' && /^collector-[abc]-/.test(metadata.name))
  .map((map) => {
    const { relay } = ('data' in map ? map.data : {}) as { readonly relay: string };
    const { receivers } = JSON.parse(relay) as {
      readonly receivers: {
        readonly prometheus: { readonly config: { readonly scrape_configs: readonly Scrape[] } };
      };
    };
    return receivers.prometheus.config.scrape_configs;
  });

interface AnalysisTemplate extends ClusterObject {
  readonly kind: 'AnalysisTemplate';
  readonly spec: {
    readonly metrics: readonly {
      readonly provider: { readonly prometheus: { readonly query: string } };
    }[];
  };
}

const analysed = [...charts].flatMap(([name, chart]) =>
  objectsOf<AnalysisTemplate>(chart, 'AnalysisTemplate').map(
    ({ spec }) => [name, spec.metrics.map(({ provider }) => provider.prometheus.query)] as const,
  ),
);

/** What the kit says of a series itself. */
const ofProcess: readonly string[] = Object.values(LABELS);

describe.each(analysed)('the questions about a release of %s', (service, queries) => {
  test('select by labels that the collectors write, from what a pod is', () => {
    expect(scrapesByZone).toHaveLength(3);
    const asked = new Map(
      queries
        .flatMap((query) => [...query.matchAll(/[{,](\w+)=~?"([^"]*)"/g)])
        .map(([, label = '', value = '']) => [label, value] as const)
        .filter(([label]) => !ofProcess.includes(label)),
    );
    expect([...asked.keys()].toSorted()).toEqual([
      'job',
      'namespace',
      'rollouts_pod_template_hash',
    ]);
    for (const scrapes of scrapesByZone) {
      const scrape = scrapes.find(({ job_name: job }) => job === asked.get('job'));
      expect(scrape?.job_name).toBe(service);
      expect(scrape?.kubernetes_sd_configs.flatMap(({ namespaces }) => namespaces.names)).toEqual([
        graph.namespace,
      ]);
      expect(asked.get('namespace')).toBe(graph.namespace);
      const written = (scrape?.relabel_configs ?? []).map(({ source_labels, target_label }) => ({
        from: source_labels,
        to: target_label,
      }));
      expect(written).toContainEqual({ from: ['__meta_kubernetes_namespace'], to: 'namespace' });
      expect(written).toContainEqual({
        from: ['__meta_kubernetes_pod_label_rollouts_pod_template_hash'],
        to: 'rollouts_pod_template_hash',
      });
    }
  });
});
