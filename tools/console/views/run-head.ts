/** A run without its edges. */
export interface RunHead {
  readonly id: string;
  readonly endedMs: number;
  readonly changed: readonly string[];
  readonly calls: number;
}
