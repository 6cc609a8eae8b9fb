import { CodedError } from '@meridian/language/coded-error.ts';

/**
 * Refuses an upgrade that leaves a minor version out, and one that goes back: EKS does neither, and says so when half of what
 * belongs to the new version is there. Source: Amazon EKS User Guide, "Update existing cluster to new Kubernetes version"
 *
 * @param before the minor version that is deployed, such as '1.35'; undefined where nobody knows
 * @throws {CodedError} KUBERNETES_VERSION_SKIPPED
 */
export function refuseSkippedVersion(before: unknown, after: unknown): void {
  const [from, to] = [minorOf(before), minorOf(after)];
  if (from === undefined || to === undefined || to === from || to === from + 1) return;
  throw new CodedError(
    'KUBERNETES_VERSION_SKIPPED',
    `Setting 'meridian:kubernetesVersion': must be '1.${from}' or '1.${from + 1}', as the cluster is at '1.${from}' and EKS goes up by one at a time and never back, got '1.${to}'; set the next one, deploy, and go on from there`,
  );
}

function minorOf(version: unknown): number | undefined {
  const minor = typeof version === 'string' ? /^1\.(\d+)$/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}
