import { removeRunFolder } from '../once/run-folder.ts';
import { EngineKeeper } from './engine-keeper.ts';

/** Stops and removes what the suites of this run shared. */
export default async function closeEngines() {
  await EngineKeeper.close();
  removeRunFolder();
}
