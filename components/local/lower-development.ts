import { ENDPOINTS_FILE } from '../edge/local/envoy-endpoints.ts';
import { calleesOf } from '../model/call-order.ts';
import type { LandedGraph } from '../model/landed.ts';
import { lowerStandIns } from '../service/local.ts';
import type { LocalReplica } from '../service/local.ts';
import { addressFile } from '../service/service-files.ts';
import type { ProgramSources } from '../service/program-sources.ts';
import { LOCAL_ENGINES } from './local-nouns.ts';
import type { LocalSettings } from './local-settings.ts';

/** A service as it is developed: beside the replicas of the program, and in their place. */
export interface DevelopedService {
  readonly name: string;
  /** The replicas that can stand in for those of the program, best place first. */
  readonly standIns: readonly LocalReplica[];
  /** Landed services that it calls. */
  readonly callees: readonly string[];
  /** The live file in which whoever sends it requests finds its addresses. */
  readonly addressFile: string;
}

/** Every landed service as it would be developed. Pure. */
export function lowerDevelopment(
  graph: LandedGraph,
  settings: LocalSettings,
  sources: ProgramSources,
): readonly DevelopedService[] {
  const context = { graph, settings, sources, engines: LOCAL_ENGINES };
  return graph.services.map(({ name, exposure }) => ({
    name,
    standIns: lowerStandIns(context, name),
    callees: calleesOf(graph, name),
    addressFile: exposure === 'edge' ? ENDPOINTS_FILE : addressFile(name),
  }));
}
