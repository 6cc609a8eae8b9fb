import { EngineKeeper } from './engine-keeper.ts';

/** Lets the suites of this run share engines; nothing is started until one asks. */
export default async function openEngines() {
  await EngineKeeper.open();
}
