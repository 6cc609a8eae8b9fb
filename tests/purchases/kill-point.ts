import type { EffectName } from '@meridian/orders/saga/state.ts';

/** Where in the life of an effect a process can die. */
export const MOMENTS = {
  decided: 'before the decision for it is committed',
  taken: 'between its commit and its sending',
  answered: 'between its sending and the commit of its outcome',
  done: 'after the commit of its outcome',
} as const;

/** One of MOMENTS. */
export type Moment = keyof typeof MOMENTS;

/** A point at which orders dies. */
export interface KillPoint {
  readonly kind: EffectName;
  readonly moment: Moment;
}

/** The variable that tells a process of orders where to die, as `<kind> <moment>`. */
export const KILL_POINT_VARIABLE = 'ORDERS_UNDER_TEST_DIES_AT';

export function kindAndMoment({ kind, moment }: KillPoint): string {
  return `${kind} ${moment}`;
}
