import { localCertificates } from '../certificates/local.ts';
import { localCluster } from '../cluster/local.ts';
import { localEdge } from '../edge/local.ts';
import { localExternals } from '../external/local.ts';
import { localKafka } from '../kafka/local.ts';
import { networkInPlace } from '../network/network.ts';
import type { NounLandings } from '../noun-landing.ts';
import type { EngineNoun } from '../nouns.ts';
import { localObservability } from '../observability/local.ts';
import { localPostgres } from '../postgres/local.ts';
import { localRedis } from '../redis/local.ts';
import { localSearch } from '../search/local.ts';
import { localServices } from '../service/local.ts';
import { localTasks } from '../task/local.ts';
import { localZones } from '../zones/local.ts';
import type { EngineOnMachine } from './engine.ts';
import type { LoweringContext } from './lowering.ts';

/** The engines of this machine, in the order in which a workload is given what it gets of them. */
const ENGINES = {
  postgres: localPostgres,
  redis: localRedis,
  kafka: localKafka,
  search: localSearch,
} satisfies Readonly<Record<EngineNoun, EngineOnMachine>>;

/** Every noun on this machine. */
export const LOCAL_NOUNS = {
  network: networkInPlace,
  cluster: localCluster,
  certificates: localCertificates,
  zones: localZones,
  ...ENGINES,
  externals: localExternals,
  services: localServices,
  tasks: localTasks,
  edge: localEdge,
  observability: localObservability,
} satisfies NounLandings<LoweringContext, undefined>;

/** What each of the engines, and what stands in for systems outside the platform, means for those who use it. */
export const LOCAL_ENGINES: readonly EngineOnMachine[] = [
  ...Object.values(ENGINES),
  localExternals,
];
