/** Which Rollout is waited for. */
export interface RolloutOrder {
  readonly namespace: string;
  readonly name: string;
  /** Version of the chart that asked for it; the same Rollout of another version is another wait. */
  readonly chartVersion: string;
  readonly timeoutMs: number;
}
