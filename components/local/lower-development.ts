import { calleesOf } from '../model/call-order.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { landed } from '../model/landed.ts';
import { ENDPOINTS_FILE } from '../edge/envoy-endpoints.ts';
import { lowerKafka } from '../kafka/local.ts';
import { lowerPostgres } from '../postgres/local.ts';
import { lowerRedis } from '../redis/local.ts';
import { addressFile } from '../service/service-files.ts';
import { lowerStandIns } from '../service/local.ts';
import type { StandIn } from '../service/local.ts';
import type { LocalSettings } from './local-settings.ts';
import type { ProgramSources } from './program-sources.ts';

/** A service as it is developed: beside the replicas of the program, and in their place. */
export interface DevelopedService {
  readonly name: string;
  /** Where a replica can stand in for those of the program, best place first. */
  readonly standIns: readonly StandIn[];
  /** Landed services that it calls. */
  readonly callees: readonly string[];
  /** The live file in which whoever sends it requests finds its addresses. */
  readonly addressFile: string;
}

/** Every landed service as it would be developed. Pure. */
export function lowerDevelopment(
  declared: PlatformGraph,
  settings: LocalSettings,
  sources: ProgramSources,
): readonly DevelopedService[] {
  const graph = landed(declared);
  const context = { graph, settings, sources };
  const engines = {
    postgres: lowerPostgres(context),
    redis: lowerRedis(context),
    kafka: lowerKafka(context),
  };
  return graph.services.map(({ name, exposure }) => ({
    name,
    standIns: lowerStandIns(context, engines, name),
    callees: calleesOf(graph, name),
    addressFile: exposure === 'edge' ? ENDPOINTS_FILE : addressFile(name),
  }));
}
