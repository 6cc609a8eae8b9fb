/** A pod under Pod Security `restricted`. Source: Kubernetes, Pod Security Standards. */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** A container under Pod Security `restricted`. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
} as const;
