import type { LandedGraph } from '../model/landed.ts';
import type { EngineOnMachine } from './engine.ts';
import type { LocalSettings } from './local-settings.ts';
import type { ProgramSources } from '../service/program-sources.ts';

/** All that a noun's local lowering may look at. */
export interface LoweringContext {
  readonly graph: LandedGraph;
  readonly settings: LocalSettings;
  readonly sources: ProgramSources;
  readonly engines: readonly EngineOnMachine[];
}
