import type { EngineUsers } from '../engine.ts';

/** The services with a store of its kind. */
export const searchUsers: EngineUsers = {
  job: 'elasticsearch',
  isUsedBy: (_graph, { stores }) => stores.some(({ kind }) => kind === 'elasticsearch'),
};
