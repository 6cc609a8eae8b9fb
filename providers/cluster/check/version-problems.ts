import type { ClusterNeeds } from '../resources/cluster-check.ts';
import type { Asked } from './read-list.ts';

/** Whether the API server is of a version that is supported. */
export async function versionProblems(
  api: Asked,
  { kubernetes }: Pick<ClusterNeeds, 'kubernetes'>,
): Promise<readonly string[]> {
  const { body } = await api.ask({ path: '/version' });
  return problemsOfVersion((body as { readonly gitVersion: string }).gitVersion, kubernetes);
}

/** The same of a version such as 'v1.36.3-eks-1'. */
export function problemsOfVersion(
  gitVersion: string,
  { oldest, newest }: ClusterNeeds['kubernetes'],
): readonly string[] {
  const minor = minorOf(gitVersion);
  if (minor >= minorOf(oldest) && minor <= minorOf(newest)) return [];
  return [
    `Kubernetes: must be ${oldest} to ${newest}, got ${gitVersion}; which parts support which is in docs/deploying.md`,
  ];
}

/** Kubernetes has been 1 ever since; the number behind it is what counts. */
function minorOf(version: string): number {
  return Number(/^v?1\.(\d+)/.exec(version)?.[1]);
}
