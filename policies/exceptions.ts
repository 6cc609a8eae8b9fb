/** What a rule does not hold for, until somebody looks again. */
export interface Exception {
  /** Id of the rule. */
  readonly rule: string;
  /** Title of the object, such as 'Namespace spiffe-driver'. */
  readonly object: string;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it holds, such as '2027-05-31' (UTC). */
  readonly until: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'namespaces-enforce-pod-security',
    object: 'Namespace spiffe-driver',
    owner: 'platform',
    reason: 'a CSI driver mounts into the pods of its node, from a folder of the node',
    until: '2027-11-30',
  },
  {
    rule: 'namespaces-enforce-pod-security',
    object: 'Namespace node-logs',
    owner: 'platform',
    reason: 'a collector on each node reads the logs of pods from a folder of the node',
    until: '2027-11-30',
  },
];
