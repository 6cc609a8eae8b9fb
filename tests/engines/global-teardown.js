import { EngineKeeper } from './engine-keeper.ts';

/** Stops what the suites of this run shared. */
export default async function closeEngines() {
  await EngineKeeper.close();
}
