import type { EngineUsers } from '../engine.ts';

/** The services with a store of its kind. */
export const redisUsers: EngineUsers = {
  job: 'redis',
  isUsedBy: (_graph, { stores }) => stores.some(({ kind }) => kind === 'redis'),
};
