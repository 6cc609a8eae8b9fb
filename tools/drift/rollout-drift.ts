import { RELEASE_ANNOTATION } from '@meridian/components/service/kubernetes/service-part.ts';

/** A Rollout as `kubectl get rollouts -o json` gives it. Source: Argo Rollouts 1.10, RolloutStatus. */
export interface ObservedRollout {
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
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
  /** The cluster was asked for another release than this folder's program would ask for. */
  | 'another release';

/** One service's answer. */
export interface ServiceDrift {
  readonly service: string;
  readonly drift: Drift;
  /** What Argo says, or which releases differ. */
  readonly detail: string;
}

/** Holds the Rollouts of a cluster against the releases that a program would ask for, by service. */
export function rolloutDrift(
  releases: ReadonlyMap<string, string>,
  rollouts: readonly ObservedRollout[],
): readonly ServiceDrift[] {
  return [...releases].map(([service, release]) => {
    const rollout = rollouts.find(({ metadata }) => metadata.name === service);
    return { service, ...driftOf(release, rollout) };
  });
}

function driftOf(
  release: string,
  rollout: ObservedRollout | undefined,
): Pick<ServiceDrift, 'drift' | 'detail'> {
  if (rollout === undefined) return { drift: 'missing', detail: `${release} is not deployed` };
  const { metadata, status = {} } = rollout;
  const deployed = metadata.annotations?.[RELEASE_ANNOTATION] ?? 'no release';
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
  if (deployed !== release) {
    return {
      drift: 'another release',
      detail: `${deployed} is deployed, this folder has ${release}`,
    };
  }
  return { drift: 'none', detail: release };
}
