import { madeOnce } from '../once/made-once.ts';

const made = await madeOnce('staging', async () => {
  const { madeStaging } = await import('./made-staging.ts');
  return madeStaging();
});

/** The graph of the staging stack. */
export const graph = made.graph;

/** Every part of the staging stack, lowered; the version never changes here. */
export const lowered = made.lowered;
