import {
  apps,
  admissionregistration,
  batch,
  core,
  networking,
  policy,
  rbac,
  scheduling,
} from '@pulumi/kubernetes';
import type { CustomResource, CustomResourceOptions } from '@pulumi/pulumi';

/** The class of a kind; which properties it has is checked where the manifest is written. */
// The only type to which classes with different arguments can be assigned.
type KindClass = new (
  name: string,
  fields: never,
  options: CustomResourceOptions,
) => CustomResource;

/** Kubernetes' own kinds that landings use, by `apiVersion/kind`. */
const BUILT_IN: Readonly<Record<string, KindClass>> = {
  'v1/ConfigMap': core.v1.ConfigMap,
  'v1/LimitRange': core.v1.LimitRange,
  'v1/Namespace': core.v1.Namespace,
  'v1/ResourceQuota': core.v1.ResourceQuota,
  'v1/Secret': core.v1.Secret,
  'v1/Service': core.v1.Service,
  'v1/ServiceAccount': core.v1.ServiceAccount,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy':
    admissionregistration.v1.ValidatingAdmissionPolicy,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding':
    admissionregistration.v1.ValidatingAdmissionPolicyBinding,
  'apps/v1/StatefulSet': apps.v1.StatefulSet,
  'batch/v1/CronJob': batch.v1.CronJob,
  'batch/v1/Job': batch.v1.Job,
  'networking.k8s.io/v1/NetworkPolicy': networking.v1.NetworkPolicy,
  'policy/v1/PodDisruptionBudget': policy.v1.PodDisruptionBudget,
  'rbac.authorization.k8s.io/v1/ClusterRole': rbac.v1.ClusterRole,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': rbac.v1.ClusterRoleBinding,
  'rbac.authorization.k8s.io/v1/Role': rbac.v1.Role,
  'rbac.authorization.k8s.io/v1/RoleBinding': rbac.v1.RoleBinding,
  'scheduling.k8s.io/v1/PriorityClass': scheduling.v1.PriorityClass,
};

/** The class of one of Kubernetes' own kinds; undefined for a kind of an operator's. */
export function builtInKind(apiVersion: string, kind: string): KindClass | undefined {
  return BUILT_IN[`${apiVersion}/${kind}`];
}
