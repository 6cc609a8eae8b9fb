import type { EngineUsers } from '../engine.ts';

/** The services with a store of its kind. */
export const postgresUsers: EngineUsers = {
  job: 'postgres',
  isUsedBy: (_graph, { stores }) => stores.some(({ kind }) => kind === 'postgres'),
};
