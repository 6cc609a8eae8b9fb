/** A Rollout as `kubectl get rollouts -o json` gives it. Source: Argo Rollouts 1.10, RolloutStatus. */
export interface ObservedRollout {
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    /** As text; the controller has seen the newest specification when it equals the generation. */
    readonly observedGeneration?: string;
    readonly phase?: string;
    readonly message?: string;
    readonly abort?: boolean;
    /** Hash of the pods that the specification asks for. */
    readonly currentPodHash?: string;
    /** Hash of the pods that serve. */
    readonly stableRS?: string;
  };
}

/** How what runs of a service differs from what was deployed. */
export type Drift =
  | 'none'
  /** There is no Rollout of that name. */
  | 'missing'
  /** A release was given up: Pulumi's state has the new one, the pods of the old one serve. */
  | 'aborted'
  /** A release is on its way. */
  | 'moving'
  /** The cluster has another chart than this folder's program would install. */
  | 'another chart';

/** One service's answer. */
export interface ServiceDrift {
  readonly service: string;
  readonly drift: Drift;
  /** What Argo says, or which charts differ. */
  readonly detail: string;
}

/** The label that names a chart and its content. */
const CHART_LABEL = 'helm.sh/chart';

/** Holds the Rollouts of a cluster against the charts that a program would install, by service. */
export function rolloutDrift(
  charts: ReadonlyMap<string, string>,
  rollouts: readonly ObservedRollout[],
): readonly ServiceDrift[] {
  return [...charts].map(([service, chart]) => {
    const rollout = rollouts.find(({ metadata }) => metadata.name === service);
    return { service, ...driftOf(chart, rollout) };
  });
}

function driftOf(
  chart: string,
  rollout: ObservedRollout | undefined,
): Pick<ServiceDrift, 'drift' | 'detail'> {
  if (rollout === undefined) return { drift: 'missing', detail: `${chart} is not installed` };
  const { metadata, status = {} } = rollout;
  const installed = metadata.labels?.[CHART_LABEL] ?? 'no chart';
  const { abort, phase = 'Unknown', message = '', currentPodHash, stableRS } = status;
  const says = message === '' ? phase : `${phase}: ${message}`;
  if (abort === true || phase === 'Degraded') {
    return {
      drift: 'aborted',
      detail: `${says}; asked for ${currentPodHash ?? 'none'}, ${stableRS ?? 'none'} serves`,
    };
  }
  const isSeen = status.observedGeneration === String(metadata.generation);
  if (!isSeen || phase !== 'Healthy' || currentPodHash !== stableRS) {
    return { drift: 'moving', detail: says };
  }
  if (installed !== chart) {
    return {
      drift: 'another chart',
      detail: `${installed} is installed, this folder has ${chart}`,
    };
  }
  return { drift: 'none', detail: chart };
}
