import type * as k8s from '../../kubernetes/k8s.ts';
import { textOf } from '../../observability/rules/promql.ts';
import type { Query } from '../../observability/rules/promql.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import { RELEASE_ARGUMENT } from '../kubernetes/release-analysis.ts';
import type { ReleaseAnalysis, Threshold } from '../kubernetes/release-analysis.ts';
import { values } from './chart-values.ts';
import { previewName, ROLE_LABEL } from './names.ts';
import { podTemplate } from './pod-template.ts';

/** How long the release before stays after a promotion: clients' connections live 30 s at most. */
const SCALE_DOWN_DELAY_SECONDS = 60;

/** A release that was given up still has callers of its colour, who are to leave it soon. */
const ABORT_SCALE_DOWN_DELAY_SECONDS = 5;

const MIN_READY_SECONDS = 5;

/** Releases that can be gone back to. */
const REVISION_HISTORY = 3;

/** A release that has got no further for so long, beside its analysis, is reported as degraded. */
const PROGRESS_DEADLINE_SECONDS = 300;

const MEASUREMENT_INTERVAL_SECONDS = 30;

/** Fifteen minutes; what has no verdict by then, as nobody measures it, waits for a person. */
const MEASUREMENTS_MOST = 30;

/** Answers in a row without a reproach that promote, and then make a promotion final: three minutes each. */
const GOOD_MEASUREMENTS = 6;

/** One before the promotion and one after it. */
export const ANALYSES = 2;

/** The longest that an analysis takes. */
export const ANALYSIS_SECONDS = MEASUREMENTS_MOST * MEASUREMENT_INTERVAL_SECONDS;

/** Kind and version of Argo Rollouts' replacement for a Deployment. */
export const ROLLOUT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' } as const;

/** A metric of an AnalysisTemplate. */
type AnalysisMetric = NonNullable<k8s.AnalysisTemplate['spec']['metrics']>[number];

/** Two releases side by side, of which one gets the traffic. */
type BlueGreenStrategy = NonNullable<NonNullable<k8s.Rollout['spec']['strategy']>['blueGreen']>;

/** The questions that the releases of a service are asked. */
export function analysisTemplate(
  metadata: k8s.NamedMeta,
  analysis: ReleaseAnalysis,
): k8s.AnalysisTemplate {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata,
    spec: {
      args: [{ name: RELEASE_ARGUMENT }],
      metrics: [
        measured(analysis),
        threshold('error-share', analysis.errorShare, analysis),
        threshold('latency-p95', analysis.latencyP95, analysis),
      ],
    },
  };
}

/** The Rollout of a service; how many replicas it has is its ScaledObject's business. */
export function rollout(metadata: k8s.NamedMeta, service: ChartedService): k8s.Rollout {
  const { name, labels, analysis } = service;
  return {
    ...ROLLOUT,
    metadata,
    spec: {
      revisionHistoryLimit: REVISION_HISTORY,
      minReadySeconds: MIN_READY_SECONDS,
      progressDeadlineSeconds:
        PROGRESS_DEADLINE_SECONDS + (analysis === undefined ? 0 : ANALYSES * ANALYSIS_SECONDS),
      selector: { matchLabels: { ...labels } },
      template: podTemplate(service),
      strategy: {
        blueGreen: {
          activeService: name,
          previewService: previewName(name),
          activeMetadata: { labels: { [ROLE_LABEL]: 'active' } },
          previewMetadata: { labels: { [ROLE_LABEL]: 'preview' } },
          autoPromotionEnabled: true,
          scaleDownDelaySeconds: SCALE_DOWN_DELAY_SECONDS,
          abortScaleDownDelaySeconds: ABORT_SCALE_DOWN_DELAY_SECONDS,
          ...(analysis === undefined ? {} : analysed(name)),
        },
      },
    },
  };
}

/**
 * The release before stays at its full size until the second analysis is over: what turns out bad under everybody's
 * requests is taken back at once. Source: Argo Rollouts 1.10, bluegreen.go, reconcileBlueGreenStableReplicaSet.
 */
function analysed(
  templateName: string,
): Pick<
  BlueGreenStrategy,
  'previewReplicaCount' | 'prePromotionAnalysis' | 'postPromotionAnalysis'
> {
  const analysis: BlueGreenStrategy['prePromotionAnalysis'] = {
    templates: [{ templateName }],
    args: [{ name: RELEASE_ARGUMENT, valueFrom: { podTemplateHashValue: 'Latest' } }],
  };
  return {
    previewReplicaCount: values.at('replicas.min'),
    prePromotionAnalysis: analysis,
    postPromotionAnalysis: analysis,
  };
}

/** Whether there is anything to say of the release: no number is not a verdict. */
function measured({ measuredPods, prometheusUrl }: ReleaseAnalysis): AnalysisMetric {
  return metric('measured-pods', measuredPods, {
    prometheusUrl,
    successCondition: 'len(result) == 1 && result[0] >= 1',
    failureCondition: 'len(result) > 1',
  });
}

/**
 * One number beyond the threshold fails the release at once. None is not held against it: nobody has asked the release
 * enough to judge it by, and whoever is to use it does so while the release before is still there.
 */
function threshold(
  name: string,
  { query, most }: Threshold,
  { prometheusUrl }: ReleaseAnalysis,
): AnalysisMetric {
  return metric(name, query, {
    prometheusUrl,
    successCondition: `len(result) == 0 || result[0] <= ${most}`,
    failureCondition: `len(result) == 1 && result[0] > ${most}`,
  });
}

/** What is told of a metric, and where it is asked for. */
interface Judgement {
  readonly prometheusUrl: string;
  readonly successCondition: string;
  readonly failureCondition: string;
}

/**
 * Source: Argo Rollouts 1.10, analysis.go, assessMetricStatus: too few good measurements in a row are inconclusive, not
 * failed, as long as `failureLimit` applies.
 */
function metric(
  name: string,
  query: Query,
  { prometheusUrl: address, ...conditions }: Judgement,
): AnalysisMetric {
  return {
    name,
    interval: `${MEASUREMENT_INTERVAL_SECONDS}s`,
    count: MEASUREMENTS_MOST,
    ...conditions,
    failureLimit: 0,
    inconclusiveLimit: MEASUREMENTS_MOST,
    consecutiveSuccessLimit: GOOD_MEASUREMENTS,
    provider: { prometheus: { address, query: textOf(query, 1) } },
  };
}
