import type { RolloutOrder } from '@meridian/jobs/rollout-healthy/rollout-order.ts';
import { jobAccess, jobAccount } from '../../kubernetes/job-access.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { KubernetesPart } from '../../kubernetes/manifest.ts';
import { programJob } from '../../kubernetes/program-job.ts';
import { ANALYSES, ANALYSIS_SECONDS } from '../chart/release-objects.ts';
import { releaseIn } from './service-part.ts';

/** Start of a release, its analysis before the promotion and the one after it. */
const ROLLOUT_TIMEOUT_SECONDS = 600 + ANALYSES * ANALYSIS_SECONDS;

/** Above it, so that the program says why and is not ended first. */
const JOB_TIMEOUT_SECONDS = ROLLOUT_TIMEOUT_SECONDS + 60;

/**
 * What follows the objects of a service: a Job that ends well when its Rollout does. Pulumi knows no Rollouts, and is
 * done as soon as the object is changed; no condition of it tells a release that was given up from a slow one.
 */
export function healthyRollout(
  context: KubernetesContext,
  name: string,
  part: KubernetesPart,
): KubernetesPart {
  const { namespace } = context.graph;
  const order: RolloutOrder = {
    namespace,
    name,
    release: releaseIn(part),
    timeoutMs: ROLLOUT_TIMEOUT_SECONDS * 1_000,
  };
  const program = 'rollout-healthy';
  const rule = { apiGroups: ['argoproj.io'], resources: ['rollouts'], resourceNames: [name] };
  const access = jobAccess(context, {
    program,
    subject: name,
    namespace,
    rules: { [namespace]: [{ ...rule, verbs: ['get'] }] },
  });
  const job = programJob(context, {
    program,
    subject: name,
    namespace,
    order,
    serviceAccount: jobAccount(program, name),
    timeoutSeconds: JOB_TIMEOUT_SECONDS,
  });
  return { steps: [{ manifests: access }, { manifests: [job] }] };
}
