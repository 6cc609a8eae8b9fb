import type { Output } from '@pulumi/pulumi';
import type { ExternalSystem } from '@meridian/components/external/external.ts';
import type { Replica, Service } from '@meridian/components/service/service.ts';
import type { Task } from '@meridian/components/task/task.ts';
import type { ByName } from './workloads.ts';

/** What `pulumi stack output` shows, and what `npm run status` and `npm run seed` read. */
export interface StackOutputs {
  /** Where users reach the platform. */
  readonly edgeUrl: string;
  /** Where people look at the telemetry of the platform; null where nothing receives any. */
  readonly consoleUrl: string | null;
  /** Where clients of the edge find the certificate to trust (components/certificates/certificates.ts). */
  readonly rootCertificate: Output<string>;
  readonly zones: readonly { readonly name: string; readonly network: string }[];
  /** By name, with the replicas that the stack has been told to have. */
  readonly services: readonly { readonly name: string; readonly replicas: readonly Replica[] }[];
  /** Systems outside the platform, each with what stands in for it, if anything does. */
  readonly externalSystems: readonly ExternalSystem[];
  /**
   * The commit that was deployed, by which a review knows what it is held against; null where whoever deployed did not say, and
   * before the first deployment there is no output at all.
   */
  readonly deployedRevision: string | null;
  /** What can be run on demand, and where. */
  readonly tasks: readonly { readonly name: string; readonly zone: string }[];
}

/** In which whoever deploys says what (`meridian up --approved`, docs/deploying.md). */
export const REVISION_VARIABLE = 'MERIDIAN_REVISION';

/** What is deployed now, as far as it was said. */
export function deployedRevisionOf(
  environment: Readonly<Record<string, string | undefined>>,
): StackOutputs['deployedRevision'] {
  const revision = environment[REVISION_VARIABLE] ?? '';
  return /^[0-9a-f]{40}$/.test(revision) ? revision : null;
}

/** The services with their replicas. */
export function describeServices(services: ByName<Service>): StackOutputs['services'] {
  return [...services].map(([name, { replicas }]) => ({ name, replicas }));
}

/** The tasks with their zones. */
export function describeTasks(tasks: ByName<Task>): StackOutputs['tasks'] {
  return [...tasks].map(([name, { zone }]) => ({ name, zone }));
}
