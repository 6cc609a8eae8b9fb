import type { z } from 'zod';
import { textOf } from './setting-schemas.ts';

/**
 * As EKS names releases of its images: the version of Kubernetes that kubelet has, and the day of the release.
 * Source: Amazon EKS API, CreateNodegroup, releaseVersion; AWS Systems Manager User Guide, "Calling the EKS optimized AMI public
 * parameter in Parameter Store"
 */
const RELEASE = /^1\.\d{2}\.\d{1,2}-20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** Which image nodes run. */
export const nodeRelease = textOf(
  RELEASE,
  "a release of EKS' image for nodes, such as '1.36.2-20261120', as /aws/service/eks/optimized-ami/… of Parameter Store has it",
);

/** What the settings say of versions. */
interface GivenVersions {
  readonly kubernetesVersion: string;
  readonly nodeRelease?: string | undefined;
}

/** Refuses nodes of another minor version than the cluster's: an upgrade is of both, cluster first. */
export function refuseOtherNodes(
  { kubernetesVersion, nodeRelease: release }: GivenVersions,
  context: z.core.$RefinementCtx,
): void {
  if (release === undefined || release.startsWith(`${kubernetesVersion}.`)) return;
  context.addIssue({
    code: 'custom',
    path: ['nodeRelease'],
    message: `must be a release of the version that kubernetesVersion has, '${kubernetesVersion}'`,
    params: { given: release },
  });
}
