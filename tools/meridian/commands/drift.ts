import type { PodsStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { releaseIn } from '@meridian/components/service/kubernetes/service-part.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { ClusterApi, statusMessage } from '../../../providers/cluster/api/cluster-api.ts';
import { clusterDrift } from '../../drift/cluster-drift.ts';
import { driftReport } from '../../drift/drift-report.ts';
import { rolloutDrift } from '../../drift/rollout-drift.ts';
import type { ObservedRollout, ServiceDrift } from '../../drift/rollout-drift.ts';
import { clusterAccess, clusterStack } from '../cluster-stack.ts';
import { printJson } from '../output/print-json.ts';

/** Options of `npm run drift`. */
export interface DriftOptions {
  readonly stack: string;
  /** Of the kubeconfig. @default the stack's, then the current one */
  readonly context?: string;
  readonly json?: boolean;
}

/**
 * Holds a cluster against what this folder would deploy: what it runs of each service, as an aborted release is in
 * Pulumi's state and does not run, and every object. Reads only. The exit code is 0 only without a difference.
 *
 * @throws {CodedError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   PINS_INVALID, DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED,
 *   OBJECTS_INVALID, CLIENT_MISSING, CLUSTER_NOT_REACHED, CLUSTER_NOT_READABLE
 */
export async function drift({ stack, context, json }: DriftOptions): Promise<number> {
  const { lowered } = await clusterStack(stack);
  const given = context === undefined ? {} : { context };
  await using api = await ClusterApi.open({ ...clusterAccess(stack), ...given });
  const services = await servicesIn(api, lowered);
  const found = { services, ...(await clusterDrift(api, lowered)) };
  if (json === true) printJson<'drift'>(found);
  else process.stdout.write(driftReport(found));
  const isSettled = services.every(({ drift: release }) => release === 'none');
  const { objects, undeclared, charts, unlisted } = found;
  return isSettled && [objects, undeclared, charts, unlisted].every(({ length }) => length === 0)
    ? 0
    : 1;
}

async function servicesIn(
  api: ClusterApi,
  { serviceParts, place }: PodsStack,
): Promise<readonly ServiceDrift[]> {
  const releases = new Map(
    Object.entries(serviceParts).map(([name, part]) => [name, releaseIn(part)]),
  );
  return rolloutDrift(releases, await readRollouts(api, place.namespace));
}

async function readRollouts(
  api: ClusterApi,
  namespace: string,
): Promise<readonly ObservedRollout[]> {
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`;
  const { status, body } = await api.ask({ path });
  if (status === 200) return (body as { readonly items: readonly ObservedRollout[] }).items;
  // Before Argo Rollouts is installed there is none.
  if (status === 404) return [];
  throw new CodedError(
    'CLUSTER_NOT_READABLE',
    `Rollouts of namespace '${namespace}': must be readable, got ${status} ${statusMessage(body)}; what drift needs is in docs/deploying.md`,
  );
}
