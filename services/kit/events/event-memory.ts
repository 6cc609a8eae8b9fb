import type { Transaction } from '../postgres/database.ts';
import type { Inbox } from './inbox.ts';

/** What a consumer remembers of events. */
export type EventMemory = Pick<
  Inbox,
  'once' | 'block' | 'holdBack' | 'nextHeld' | 'release' | 'drop'
>;

/**
 * That of a consumer to whom each event brings a whole state with its version: applying one again
 * changes nothing, and a later one makes up for any that failed, so nothing is held back behind that.
 */
export const STATES_SUPERSEDE: EventMemory = {
  once: async (_event, work) => {
    await work(NO_TRANSACTION);
    return 'handled';
  },
  block: () => Promise.resolve(),
  holdBack: () => Promise.resolve(undefined),
  nextHeld: () => Promise.resolve(undefined),
  release: () => Promise.resolve(),
  // It is in nobody's way; the dead letters say that nobody waits for it any more.
  drop: () => Promise.resolve('dropped'),
};

/** There is no database; no reader sees it. */
const NO_TRANSACTION = {} as Transaction;
