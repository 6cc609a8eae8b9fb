/** Minor versions of Kubernetes such as '1.36', both ends included. */
export interface KubernetesRange {
  readonly oldest: string;
  readonly newest: string;
}

/**
 * What the platform is deployed to. Older ones do not give pods the label of their zone, by which logs, metrics and
 * calls tell zones apart (kubernetes/enhancements 4742); of newer ones the operators say nothing yet. Every operator
 * supports all of it: tests/architecture/operator-versions.test.ts.
 */
export const SUPPORTED_KUBERNETES: KubernetesRange = { oldest: '1.35', newest: '1.36' };

/**
 * A range as a chart's `kubeVersion` says it; Helm refuses to install the chart outside of it. The `-0` lets in the
 * versions of clouds, such as 'v1.36.3-eks-1', which SemVer calls prereleases.
 */
export function kubeVersionOf({ oldest, newest }: KubernetesRange): string {
  return `>=${oldest}.0-0 <${minorAfter(newest)}.0-0`;
}

/** Whether every version of one range is in another. */
export function isWithin(inner: KubernetesRange, outer: KubernetesRange): boolean {
  return (
    minorOf(outer.oldest) <= minorOf(inner.oldest) && minorOf(inner.newest) <= minorOf(outer.newest)
  );
}

function minorAfter(version: string): string {
  return `1.${minorOf(version) + 1}`;
}

/** Kubernetes has been 1 ever since; the number behind it is what counts. */
function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
