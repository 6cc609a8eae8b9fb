/** What happens in a drill, in its order. */
export const MOMENTS = ['injected', 'seen', 'told', 'explained', 'taken back', 'resolved'] as const;

/** One of them, with what there is to say of it. */
export interface Moment {
  readonly what: (typeof MOMENTS)[number];
  /** Seconds since the fault was injected; 0 for that itself. */
  readonly afterSeconds: number;
  /** Such as 'EngineAway about kafka'. */
  readonly detail: string;
}
