import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, ApiObject } from '../kubernetes/api-client.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiTrouble } from '../kubernetes/api-error.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { RolloutOrder } from './rollout-order.ts';

const POLL_MS = 2_000;

/** A question that failed is asked again after this, then after twice as long each time. */
const FIRST_RETRY_MS = 250;

/** The kubelet brings a new token within a minute or so; a Job that is refused longer has no right. */
const REFUSED_PATIENCE_MS = 90_000;

/** What Argo Rollouts 1.10 says of a Rollout, as far as it is read. */
interface Rollout extends ApiObject {
  readonly status?: {
    /** The generation in decimal digits. */
    readonly observedGeneration?: string;
    readonly phase?: 'Healthy' | 'Degraded' | 'Progressing' | 'Paused';
    readonly message?: string;
    readonly abort?: boolean;
  };
}

/**
 * Waits until Argo Rollouts has seen the newest generation of the Rollout and says that it is healthy.
 * A question that fails is asked again within the time of the order, as long as that can help.
 * @throws {CodedError} ROLLOUT_DEGRADED when it was given up, ROLLOUT_PAUSED when it waits for a person,
 * ROLLOUT_NOT_HEALTHY when it takes too long, API_REFUSED, API_NOT_REACHED
 */
export async function waitForRollout(order: RolloutOrder, api: ApiClient): Promise<void> {
  const { namespace, name, timeoutMs } = order;
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts/${name}`;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const rollout = await asked(() => api.find<Rollout>(path), deadline);
    const verdict = verdictOn(rollout);
    if (verdict === 'healthy') return;
    const said = `Rollout '${name}' in namespace '${namespace}' (release ${order.release}): ${wordsOf(rollout)}`;
    if (verdict === 'degraded') {
      throw new CodedError(
        'ROLLOUT_DEGRADED',
        `${said}; the release before serves on; fix the release, or go back to it in the program too`,
      );
    }
    if (verdict === 'paused') {
      throw new CodedError(
        'ROLLOUT_PAUSED',
        `${said}; nothing could be said of the release, so it waits for a person beside the release before: see that its pods are measured, then go on as docs/runbooks/rollout-aborted.md says`,
      );
    }
    if (Date.now() >= deadline) {
      throw new CodedError(
        'ROLLOUT_NOT_HEALTHY',
        `${said}; not healthy after ${timeoutMs / 1000} s`,
      );
    }
    await delay(POLL_MS);
  }
}

/** The answer; throws the last failure when there is none in time, or will be none. */
async function asked<T>(ask: () => Promise<T>, deadline: number): Promise<T> {
  const begin = Date.now();
  const until: Readonly<Record<ApiTrouble, number>> = {
    passing: deadline,
    refused: Math.min(deadline, begin + REFUSED_PATIENCE_MS),
    lasting: begin,
  };
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, POLL_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError) || Date.now() >= until[error.trouble]) throw error;
      await delay(waitMs);
    }
  }
}

/** Of a Rollout whose analysis has no verdict. Source: Argo Rollouts 1.10, PauseReasonInconclusiveAnalysis. */
const WITHOUT_VERDICT = 'InconclusiveAnalysisRun';

function verdictOn(rollout: Rollout | undefined): 'healthy' | 'degraded' | 'paused' | 'waiting' {
  const { status, metadata } = rollout ?? {};
  // Of another generation, the phase is that of a release before.
  if (status?.observedGeneration !== String(metadata?.generation)) return 'waiting';
  if (status.phase === 'Healthy') return 'healthy';
  if (status.phase === 'Degraded' || status.abort === true) return 'degraded';
  return status.phase === 'Paused' && status.message === WITHOUT_VERDICT ? 'paused' : 'waiting';
}

function wordsOf(rollout: Rollout | undefined): string {
  if (rollout === undefined) return 'there is none';
  const { phase = 'without a phase', message = '', abort = false } = rollout.status ?? {};
  return [phase, ...(abort ? ['aborted'] : []), ...(message === '' ? [] : [message])].join(', ');
}
