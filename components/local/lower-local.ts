import { lowerCertificates } from '../certificates/local.ts';
import type { LocalCertificates } from '../certificates/local.ts';
import { lowerEdge } from '../edge/local.ts';
import type { LocalEdge } from '../edge/local.ts';
import { lowerKafka } from '../kafka/local.ts';
import type { LocalKafka } from '../kafka/local.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { landed } from '../model/landed.ts';
import { lowerPostgres } from '../postgres/local.ts';
import type { LocalPostgres } from '../postgres/local.ts';
import { lowerRedis } from '../redis/local.ts';
import type { LocalRedis } from '../redis/local.ts';
import { lowerServices } from '../service/local.ts';
import type { LocalService } from '../service/local.ts';
import { lowerTasks } from '../task/local.ts';
import type { LocalTask } from '../task/local.ts';
import { lowerZones } from '../zones/local.ts';
import type { LocalAgent } from '../zones/local.ts';
import { refuseUnwritten } from './refuse-unwritten.ts';
import type { LocalSettings } from './local-settings.ts';
import type { ProgramSources } from './program-sources.ts';
import { checkReplicas } from './replica-count.ts';

/** All that runs on this machine, as plain JSON without a path of it: the golden test reads this. */
export interface LocalStack {
  readonly certificates: LocalCertificates;
  readonly zones: readonly LocalAgent[];
  readonly postgres: LocalPostgres;
  readonly redis: LocalRedis;
  readonly kafka: LocalKafka;
  readonly services: readonly LocalService[];
  readonly tasks: readonly LocalTask[];
  readonly edge: LocalEdge;
}

/**
 * What the landed part of a graph becomes on this machine. Pure. Throws CodedError
 * SETTINGS_INVALID or LANDING_NOT_YET.
 */
export function lowerLocal(
  graph: PlatformGraph,
  settings: LocalSettings,
  sources: ProgramSources,
): LocalStack {
  const context = { graph: landed(graph), settings, sources };
  refuseUnwritten(context.graph);
  checkReplicas(context.graph, settings);
  const postgres = lowerPostgres(context);
  const redis = lowerRedis(context);
  const kafka = lowerKafka(context);
  const services = lowerServices(context, { postgres, redis, kafka });
  return {
    certificates: lowerCertificates(context),
    zones: lowerZones(context),
    postgres,
    redis,
    kafka,
    services,
    tasks: lowerTasks(context),
    edge: lowerEdge(context, services),
  };
}
