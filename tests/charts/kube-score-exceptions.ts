/** A check of kube-score that the charts do not pass on purpose. */
export interface KubeScoreException {
  /** Its identifier, as `kube-score list` prints it. */
  readonly check: string;
  /** The charts that need it, or 'all'. */
  readonly charts: 'all' | readonly string[];
  readonly reason: string;
}

/** Every exception; one that no chart needs fails a test. */
export const kubeScoreExceptions: readonly KubeScoreException[] = [
  {
    check: 'container-image-pull-policy',
    charts: 'all',
    reason:
      'An image is named by its digest, so what a node has is what the registry has. With Always, no pod could start, after a lost node for example, while the registry is away.',
  },
  {
    check: 'container-ephemeral-storage-request-and-limit',
    charts: 'all',
    reason:
      'The root file system is read-only and no volume is writable, so a container writes nothing but its log, which the kubelet rotates (containerLogMaxSize).',
  },
];
