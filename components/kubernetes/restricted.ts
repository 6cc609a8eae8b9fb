import { USER_ID } from '../service/chart/names.ts';
import type * as k8s from './k8s.ts';

/** A pod under Pod Security `restricted`. Source: Kubernetes, Pod Security Standards. */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
} satisfies k8s.PodSecurityContext;

/** A container under Pod Security `restricted`. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
} satisfies k8s.SecurityContext;

/** A pod that runs as no user of the image or of a node; what it mounts belongs to its group. */
export const NOBODYS_POD = {
  ...RESTRICTED_POD,
  runAsUser: USER_ID,
  runAsGroup: USER_ID,
  fsGroup: USER_ID,
} satisfies k8s.PodSecurityContext;

/** A container that changes nothing of its image. */
export const READ_ONLY_CONTAINER = {
  ...RESTRICTED_CONTAINER,
  readOnlyRootFilesystem: true,
} satisfies k8s.SecurityContext;
