import type { ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';
import { AnalysisTemplate } from '../../kubernetes/chart/analysis-template.ts';
import type { AnalysisMetric } from '../../kubernetes/chart/analysis-template.ts';
import { Rollout } from '../../kubernetes/chart/rollout.ts';
import type { BlueGreenStrategy } from '../../kubernetes/chart/rollout.ts';
import { textOf } from '../../observability/rules/promql.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import { ANALYSIS_WINDOW_MINUTES, RELEASE_ARGUMENT } from '../kubernetes/release-analysis.ts';
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

/** Fifteen minutes; what has no verdict by then waits for a person. */
const MEASUREMENTS_MOST = 30;

/** Good answers in a row that promote: what is bad only now and then is noticed in two minutes. */
const GOOD_MEASUREMENTS = 4;

/** Adds the Rollout of a service, and the questions that its releases are asked. */
export function addRollout(
  scope: Construct,
  service: ChartedService,
  metadata: ApiObjectMetadata,
): void {
  const { name, labels, analysis } = service;
  if (analysis !== undefined) {
    new AnalysisTemplate(scope, 'analysis', {
      metadata,
      spec: {
        args: [{ name: RELEASE_ARGUMENT }],
        metrics: [
          metric('error-share', analysis.errorShare, analysis),
          metric('latency-p95', analysis.latencyP95, analysis),
        ],
      },
    });
  }
  new Rollout(scope, 'rollout', {
    metadata,
    spec: {
      revisionHistoryLimit: REVISION_HISTORY,
      minReadySeconds: MIN_READY_SECONDS,
      progressDeadlineSeconds:
        PROGRESS_DEADLINE_SECONDS + (analysis === undefined ? 0 : ANALYSIS_WINDOW_MINUTES * 60),
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
  });
}

function analysed(
  templateName: string,
): Pick<BlueGreenStrategy, 'previewReplicaCount' | 'prePromotionAnalysis'> {
  return {
    previewReplicaCount: values.at('replicas.min'),
    prePromotionAnalysis: {
      templates: [{ templateName }],
      args: [{ name: RELEASE_ARGUMENT, valueFrom: { podTemplateHashValue: 'Latest' } }],
    },
  };
}

/**
 * One number beyond the threshold fails the release at once; no number is not a verdict. Source: Argo
 * Rollouts 1.8, analysis.go, assessMetricStatus: too few good measurements in a row are inconclusive,
 * not failed, as long as `failureLimit` applies.
 */
function metric(
  name: string,
  { query, most }: Threshold,
  { prometheusUrl: address }: ReleaseAnalysis,
): AnalysisMetric {
  return {
    name,
    interval: `${MEASUREMENT_INTERVAL_SECONDS}s`,
    count: MEASUREMENTS_MOST,
    successCondition: `len(result) == 1 && result[0] <= ${most}`,
    failureCondition: `len(result) == 1 && result[0] > ${most}`,
    failureLimit: 0,
    inconclusiveLimit: MEASUREMENTS_MOST,
    consecutiveSuccessLimit: GOOD_MEASUREMENTS,
    provider: { prometheus: { address, query: textOf(query, 1) } },
  };
}
