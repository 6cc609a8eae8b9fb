/**
 * How long a method may wait for a change at most, before it answers what there is. The edge and the age
 * of connections leave room for it; no other call takes that long.
 */
export const LONGEST_WAIT_MS = 30_000;
