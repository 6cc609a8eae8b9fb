import type { IPodSecurityContext } from 'kubernetes-models/v1/PodSecurityContext';
import type { ISecurityContext } from 'kubernetes-models/v1/SecurityContext';
import { USER_ID } from '../service/chart/names.ts';

/** A pod under Pod Security `restricted`. Source: Kubernetes, Pod Security Standards. */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
} satisfies IPodSecurityContext;

/** A container under Pod Security `restricted`. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
} satisfies ISecurityContext;

/** A pod that runs as no user of the image or of a node; what it mounts belongs to its group. */
export const NOBODYS_POD = {
  ...RESTRICTED_POD,
  runAsUser: USER_ID,
  runAsGroup: USER_ID,
  fsGroup: USER_ID,
} satisfies IPodSecurityContext;

/** A container that changes nothing of its image. */
export const READ_ONLY_CONTAINER = {
  ...RESTRICTED_CONTAINER,
  readOnlyRootFilesystem: true,
} satisfies ISecurityContext;
