/** Which Rollout is waited for. */
export interface RolloutOrder {
  readonly namespace: string;
  readonly name: string;
  /** What was asked for, as the Rollout says; another release of the same Rollout is another wait. */
  readonly release: string;
  readonly timeoutMs: number;
}
