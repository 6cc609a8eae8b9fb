import { CodedError } from '@meridian/language/coded-error.ts';
import { ResourceHook } from '@pulumi/pulumi';

/**
 * Asked by Pulumi before it makes a cluster that should have other data: it would be an empty one. The provider restores no cluster over three
 * zones, as it leaves out the class of its instances and the operations of its disks; so RDS is asked for it by hand, and Pulumi takes it over.
 * Source: terraform-provider-aws issue 26773; 6.58.0, internal/service/rds, resourceClusterCreate:28-170 and 316-445
 */
export function onlyTakenOver(identifier: string): ResourceHook {
  return new ResourceHook('restored-clusters-are-taken-over', () => {
    refuseEmptyCluster(identifier, process.env);
  });
}

/**
 * A rehearsal has no cluster to take over.
 *
 * @throws {CodedError} RESTORED_NOT_IMPORTED
 */
export function refuseEmptyCluster(
  identifier: string,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  if (environment['MERIDIAN_REHEARSAL'] !== undefined) return;
  throw new CodedError(
    'RESTORED_NOT_IMPORTED',
    `Cluster '${identifier}': must be restored by RDS and imported before it is deployed, got none in the state, and it would be made empty; do as docs/runbooks/restore.md says, or take postgresRestoreFrom away`,
  );
}
