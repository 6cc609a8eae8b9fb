import type { ClusterNeeds } from '../resources/cluster-check.ts';
import { definitionProblems } from './definition-problems.ts';
import { dnsProblems } from './dns-problems.ts';
import { metricsProblems } from './metrics-problems.ts';
import { ListRefused } from './read-list.ts';
import type { Asked } from './read-list.ts';
import { storageProblems } from './storage-problems.ts';
import { versionProblems } from './version-problems.ts';
import { zoneProblems } from './zone-problems.ts';

const CHECKS: readonly ((api: Asked, needs: ClusterNeeds) => Promise<readonly string[]>)[] = [
  versionProblems,
  zoneProblems,
  storageProblems,
  dnsProblems,
  metricsProblems,
  definitionProblems,
];

/** All that a cluster lacks, each with what is allowed and where to fix it. Throws CodedError CLUSTER_NOT_REACHED. */
export async function clusterProblems(api: Asked, needs: ClusterNeeds): Promise<readonly string[]> {
  const found = await Promise.all(CHECKS.map((check) => refusedAsProblem(check(api, needs))));
  return found.flat();
}

async function refusedAsProblem(check: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await check;
  } catch (error) {
    if (error instanceof ListRefused) return [error.message];
    throw error;
  }
}
