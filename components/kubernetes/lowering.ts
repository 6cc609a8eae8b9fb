import type { LandedGraph } from '../model/landed.ts';
import type { EngineForPods } from './engine.ts';
import type { PodsSettings } from './kubernetes-settings.ts';

/** All that a noun's lowering to a cluster may look at. */
export interface KubernetesContext {
  /** What has code: what is rendered and looked up is what is deployed. */
  readonly graph: LandedGraph;
  readonly settings: PodsSettings;
  /** Version of the program, from package.json. */
  readonly version: string;
  /** Digest of a folder of migrations, by its path from the program's root; only of those there are. */
  readonly migrations: Readonly<Record<string, string>>;
}

/** The same with the engines, for what is made with regard to all of them. */
export interface KubernetesLowering extends KubernetesContext {
  readonly engines: readonly EngineForPods[];
}
