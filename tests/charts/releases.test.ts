import { TELEMETRY_BINDING } from '@meridian/language/bindings.ts';
import { describe, expect, test } from '@jest/globals';
import { renderCharts } from '@meridian/components/kubernetes/render-stack.ts';
import { call } from '@meridian/components/model/call.ts';
import {
  archive,
  door,
  samplePlatform,
  shelf,
} from '@meridian/components/model/testing/sample-platform.ts';
import { sampleCluster } from '@meridian/components/testing/sample-cluster.ts';
import { isServerError } from '@meridian/kit/rpc/outcome.ts';
import { statusName } from '@meridian/kit/rpc/rpc-error.ts';
import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { DURATION_BOUNDS_SECONDS } from '@meridian/language/metrics.ts';
import { PREVIEW_SHARE_FILE, RELEASE_ROLE_FILE } from '@meridian/language/process-folder.ts';
import type { ChartText, ClusterObject } from './rendered-chart.ts';
import { graph } from './lowered-staging.ts';
import { charts, objectsOf } from './rendered-chart.ts';

const WORKING_FOLDER = '/run/meridian';

/** Of the codes 0 to 16. */
const STATUSES = Array.from({ length: 17 }, (_, code) => statusName(code));

interface Volume {
  readonly name: string;
  readonly downwardAPI?: {
    readonly items: readonly {
      readonly path: string;
      readonly fieldRef: { readonly fieldPath: string };
    }[];
  };
  readonly configMap?: {
    readonly name: string;
    readonly optional?: boolean;
    readonly items: readonly { readonly path: string }[];
  };
}

interface Analysis {
  readonly templates: readonly { readonly templateName: string }[];
  readonly args: readonly { readonly name: string; readonly valueFrom: unknown }[];
}

interface Rollout extends ClusterObject {
  readonly kind: 'Rollout';
  readonly spec: {
    readonly progressDeadlineSeconds: number;
    readonly strategy: {
      readonly blueGreen: {
        readonly activeMetadata: { readonly labels: Readonly<Record<string, string>> };
        readonly previewMetadata: { readonly labels: Readonly<Record<string, string>> };
        readonly previewService: string;
        readonly previewReplicaCount?: number;
        readonly prePromotionAnalysis?: Analysis;
        readonly postPromotionAnalysis?: Analysis;
        readonly scaleDownDelaySeconds: number;
      };
    };
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly [
          {
            readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
          },
        ];
        readonly volumes: readonly Volume[];
      };
    };
  };
}

interface Metric {
  readonly name: string;
  readonly interval: string;
  readonly count: number;
  readonly inconclusiveLimit: number;
  readonly successCondition: string;
  readonly failureCondition: string;
  readonly provider: { readonly prometheus: { readonly address: string; readonly query: string } };
}

interface AnalysisTemplate extends ClusterObject {
  readonly kind: 'AnalysisTemplate';
  readonly spec: {
    readonly args: readonly { readonly name: string }[];
    readonly metrics: readonly Metric[];
  };
}

function rolloutOf(chart: ChartText): Rollout['spec'] {
  const [rollout] = objectsOf<Rollout>(chart, 'Rollout');
  if (rollout === undefined) throw new Error('no Rollout');
  return rollout.spec;
}

/** The files that a container finds, by their path, with the volume that they come from. */
function filesOf(chart: ChartText): ReadonlyMap<string, Volume> {
  const { containers, volumes } = rolloutOf(chart).template.spec;
  return new Map(
    containers[0].volumeMounts.flatMap(({ name, mountPath }) => {
      const volume = volumes.find((candidate) => candidate.name === name);
      const items = volume?.downwardAPI?.items ?? volume?.configMap?.items ?? [];
      return items.flatMap(({ path }): [string, Volume][] =>
        volume === undefined ? [] : [[`${mountPath}/${path}`, volume]],
      );
    }),
  );
}

const analysed = [...charts].filter(
  ([name]) => name === 'gateway' || graph.calls.some(({ to }) => to === name),
);

describe.each([...charts])('a release of %s', (_name, chart) => {
  test('learns its role from a label that Argo Rollouts keeps, where the kit looks for it', () => {
    const { activeMetadata, previewMetadata } = rolloutOf(chart).strategy.blueGreen;
    const [[label, role] = ['', '']] = Object.entries(activeMetadata.labels);
    expect(role).toBe('active');
    expect(previewMetadata.labels).toEqual({ [label]: 'preview' });
    const volume = filesOf(chart).get(`${WORKING_FOLDER}/${RELEASE_ROLE_FILE}`);
    expect(volume?.downwardAPI?.items[0]?.fieldRef.fieldPath).toBe(`metadata.labels['${label}']`);
  });

  test('is reached by its callers through the Service of the preview', () => {
    const { annotations } = rolloutOf(chart).template.metadata;
    for (const [key, uri] of Object.entries(annotations).filter(([name]) =>
      name.endsWith('.uri'),
    )) {
      const callee = key.replace('meridian/', '').replace('.uri', '');
      // The collector has no releases of its own.
      if (callee === TELEMETRY_BINDING) continue;
      const { previewService } = rolloutOf(charts.get(callee) ?? {}).strategy.blueGreen;
      expect(annotations[`meridian/${callee}.preview-uri`]).toBe(
        uri.replace(callee, previewService),
      );
    }
  });
});

test('only the gateway is told a share, by a ConfigMap that nobody need create', () => {
  const path = `${WORKING_FOLDER}/${PREVIEW_SHARE_FILE}`;
  const told = [...charts].filter(([, chart]) => filesOf(chart).has(path));
  expect(told.map(([name]) => name)).toEqual(['gateway']);
  expect(filesOf(charts.get('gateway') ?? {}).get(path)?.configMap).toMatchObject({
    name: 'gateway-canary',
    optional: true,
  });
});

test('a release that nobody calls is promoted when it is ready: no question about it has an answer', () => {
  const services = [
    { ...archive, implemented: true },
    shelf,
    { ...door, calls: [call(shelf, 'listBooks')] },
  ];
  const rendered = renderCharts(sampleCluster({}, { ...samplePlatform, services }));
  const chart = Object.fromEntries(
    Object.entries(rendered).flatMap(([file, text]) => {
      const [name, ...path] = file.split('/');
      return name === archive.name ? [[path.join('/'), text] as const] : [];
    }),
  );
  const { blueGreen } = rolloutOf(chart).strategy;
  expect(blueGreen.prePromotionAnalysis).toBeUndefined();
  expect(blueGreen.postPromotionAnalysis).toBeUndefined();
  expect(blueGreen.previewReplicaCount).toBeUndefined();
  expect(objectsOf(chart, 'AnalysisTemplate')).toEqual([]);
});

describe.each(analysed)('before %s is promoted', (name, chart) => {
  const template = objectsOf<AnalysisTemplate>(chart, 'AnalysisTemplate')[0]?.spec;
  const metrics = template?.metrics ?? [];
  const [measured, ...judged] = metrics;
  const queries = judged.map(({ provider }) => provider.prometheus.query);
  const { blueGreen } = rolloutOf(chart).strategy;

  test('its template is asked, about the pods of the release alone', () => {
    const templates = objectsOf(chart, 'AnalysisTemplate').map(({ metadata }) => metadata.name);
    expect(blueGreen.prePromotionAnalysis).toEqual({
      templates: templates.map((templateName) => ({ templateName })),
      args: [{ name: 'release', valueFrom: { podTemplateHashValue: 'Latest' } }],
    });
    // What turns out bad under everybody's requests is taken back while the release before is still there.
    expect(blueGreen.postPromotionAnalysis).toEqual(blueGreen.prePromotionAnalysis);
    expect(template?.args).toEqual([{ name: 'release' }]);
    for (const query of queries) {
      const series = query.match(/\{[^{}]*\{\{[^{}]*\}\}[^{}]*\}/g) ?? [];
      expect(series.length).toBeGreaterThan(1);
      for (const selector of series) {
        expect(selector).toContain(
          `{namespace="meridian",job="${name}",rollouts_pod_template_hash="{{args.release}}",`,
        );
      }
      expect(query.match(/increase\(/g)).toHaveLength(series.length);
    }
  });

  test('the questions use the names of metrics and labels that the kit exports', () => {
    const duration =
      name === 'gateway' ? METRICS.httpServerRequestDuration : METRICS.rpcServerCallDuration;
    const known: readonly string[] = [
      ...Object.values(LABELS),
      ...['namespace', 'job', 'rollouts_pod_template_hash'],
    ];
    for (const query of queries) {
      const series = [...query.matchAll(/increase\((\w+?)(_count|_bucket)\{/g)];
      expect(new Set(series.map(([, metric]) => metric))).toEqual(new Set([duration]));
      for (const [, label] of query.matchAll(/[{,](\w+)(?:=|=~|!~)"/g)) {
        expect(known).toContain(label);
      }
    }
  });

  test('what is let wait for a change counts as an error that it is, and is not timed', () => {
    const selectors = queries.map((query) => query.match(/increase\([^{]*\{.*?\}\[/g) ?? []);
    const [errors = [], latency = []] = selectors.map((each) =>
      each.map((selector) => selector.includes(`,${LABELS.waited}=""`)),
    );
    expect(new Set(errors)).toEqual(new Set([false]));
    expect(new Set(latency)).toEqual(new Set([true]));
  });

  test('what counts as an error is what the kit counts as one', () => {
    const [, statuses] = /rpc_status_code=~"([A-Z_|]+)"/.exec(queries[0] ?? '') ?? [];
    if (name === 'gateway') expect(queries[0]).toContain('http_response_status_code=~"5.."');
    else expect(statuses?.split('|')).toEqual(STATUSES.filter(isServerError).toSorted());
  });

  test('it must be measured, and is let on without requests, which nobody can judge it by', () => {
    expect(measured).toMatchObject({
      name: 'measured-pods',
      successCondition: 'len(result) == 1 && result[0] >= 1',
      provider: {
        prometheus: {
          query: `count(request_queue_depth{namespace="meridian",job="${name}",rollouts_pod_template_hash="{{args.release}}"})`,
        },
      },
    });
    for (const { successCondition } of judged) {
      expect(successCondition).toMatch(/^len\(result\) == 0 \|\| result\[0\] <= /);
    }
  });

  test('the thresholds are its objectives, beyond a first failure and from a few requests on', () => {
    const objectives = graph.services.find((service) => service.name === name)?.objectives;
    const { availabilityPercent = 0, latencyP95Ms = 0 } = objectives ?? {};
    const [errors, latency] = judged.map(({ successCondition, failureCondition }) => {
      const most = / result\[0\] <= ([0-9.]+)$/.exec(successCondition)?.[1];
      expect(failureCondition).toBe(`len(result) == 1 && result[0] > ${most ?? ''}`);
      return Number(most);
    });
    expect(errors).toBeCloseTo(1 - availabilityPercent / 100, 9);
    expect(latency).toBeCloseTo(latencyP95Ms / 1_000, 9);
    const [ofErrors, ofLatency] = queries;
    expect(ofErrors).toMatch(
      /^clamp_min\(\(sum\(increase\(.*\)\) or vector\(0\)\) - 2, 0\) \/ \(sum\(increase\(.*\)\) > 0\)$/,
    );
    expect(ofLatency).toMatch(/^histogram_quantile\(0\.95, .*\) and sum\(increase\(.*\)\) >= 20$/);
  });

  test('it may go without a verdict to the end, and is not called stuck meanwhile', () => {
    for (const { interval, count, inconclusiveLimit, provider } of metrics) {
      expect(inconclusiveLimit).toBe(count);
      const seconds = count * Number(interval.replace('s', ''));
      expect(rolloutOf(chart).progressDeadlineSeconds).toBeGreaterThan(2 * seconds + 60);
      const [, minutes] = /\[(\d+)m\]/.exec(provider.prometheus.query) ?? [];
      if (judged.some(({ provider: { prometheus } }) => prometheus === provider.prometheus)) {
        expect(Number(minutes) * 60).toBeGreaterThan(seconds);
      }
    }
    expect(blueGreen.previewReplicaCount).toBeGreaterThanOrEqual(2);
  });
});

test('durations have a bound at every objective, so no quantile there is a guess', () => {
  const objectives = graph.services.flatMap(({ objectives: { latencyP95Ms, latencyP99Ms } }) => [
    latencyP95Ms / 1000,
    latencyP99Ms / 1000,
  ]);
  const bounds: readonly number[] = DURATION_BOUNDS_SECONDS;
  expect(objectives.filter((seconds) => !bounds.includes(seconds))).toEqual([]);
});
