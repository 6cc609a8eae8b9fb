import { openRunFolder } from '../once/run-folder.ts';
import { EngineKeeper } from './engine-keeper.ts';

/** Lets the suites of this run share engines and what they make; nothing is started or made until one asks. */
export default async function openEngines() {
  openRunFolder();
  await EngineKeeper.open();
}
