import type { PlatformGraph } from '../model/graph.ts';
import type { EngineOnMachine } from './engine.ts';
import type { LocalSettings } from './local-settings.ts';
import type { ProgramSources } from './program-sources.ts';

/** All that a noun's local lowering may look at. */
export interface LoweringContext {
  /** The landed part of the platform's graph. */
  readonly graph: PlatformGraph;
  readonly settings: LocalSettings;
  readonly sources: ProgramSources;
  readonly engines: readonly EngineOnMachine[];
}
