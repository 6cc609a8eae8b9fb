import type { EngineUsers } from '../engine.ts';

/** The services that publish or consume. */
export const kafkaUsers: EngineUsers = {
  job: 'kafka',
  isUsedBy: ({ topics }, { name }) =>
    topics.some(({ publishers, consumers }) => [...publishers, ...consumers].includes(name)),
};
