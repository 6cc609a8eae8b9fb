import type { CertificatesLanding } from './certificates/certificates.ts';
import { landCertificates } from './certificates/local.ts';
import type { EdgeLanding } from './edge/edge.ts';
import { landEdge } from './edge/local.ts';
import type { KafkaLanding } from './kafka/kafka.ts';
import { landKafka } from './kafka/local.ts';
import type { KubernetesSettings } from './kubernetes/kubernetes-settings.ts';
import { lowerKubernetes } from './kubernetes/lower-kubernetes.ts';
import type { KubernetesStack } from './kubernetes/lower-kubernetes.ts';
import type { LocalSettings } from './local/local-settings.ts';
import { lowerLocal } from './local/lower-local.ts';
import type { LocalStack } from './local/lower-local.ts';
import type { ProgramSources } from './local/program-sources.ts';
import type { PlatformGraph } from './model/graph.ts';
import { PlatformError } from './model/platform-error.ts';
import { landPostgres } from './postgres/local.ts';
import type { PostgresLanding } from './postgres/postgres.ts';
import { landRedis } from './redis/local.ts';
import type { RedisLanding } from './redis/redis.ts';
import { landServices } from './service/local.ts';
import type { ServiceLanding } from './service/service.ts';
import { landTasks } from './task/local.ts';
import type { TaskLanding } from './task/task.ts';
import { landZones } from './zones/local.ts';
import type { ZonesLanding } from './zones/zones.ts';

/** Each noun of the platform, and the code that makes it real. */
export interface Landings {
  readonly certificates: CertificatesLanding;
  readonly zones: ZonesLanding;
  readonly postgres: PostgresLanding;
  readonly redis: RedisLanding;
  readonly kafka: KafkaLanding;
  readonly service: ServiceLanding;
  readonly task: TaskLanding;
  readonly edge: EdgeLanding;
}

/** Each place where the platform can run, and the plain value that it is lowered to there. */
export interface LoweredStacks {
  readonly local: LocalStack;
  readonly kubernetes: KubernetesStack;
  readonly aws: UnwrittenStack<'aws'>;
}

/** What stands for a lowered stack until its landing is written. */
export interface UnwrittenStack<Name extends string> {
  readonly landing: Name;
  readonly file: string;
}

export type Noun = keyof Landings;
export type LandingName = keyof LoweredStacks;

/** Settings of any stack; `landing` tells them apart. */
export type StackSettings = LocalSettings | KubernetesSettings | UnwrittenStack<'aws'>;

/** Says of a noun that a landing of it is still to be written; using it raises LANDING_NOT_YET. */
const NOT_YET = 'not yet';

type LandingCode<N extends Noun, L extends LandingName> =
  ((lowered: LoweredStacks[L]) => Landings[N]) | typeof NOT_YET;

type LandingRow<N extends Noun> = { readonly [L in LandingName]: LandingCode<N, L> };

/** Every noun on every landing: a pair that is missing here does not compile. */
const LANDINGS: { readonly [N in Noun]: LandingRow<N> } = {
  certificates: {
    local: (stack) => landCertificates(stack.certificates),
    kubernetes: NOT_YET,
    aws: NOT_YET,
  },
  zones: { local: (stack) => landZones(stack.zones), kubernetes: NOT_YET, aws: NOT_YET },
  postgres: { local: (stack) => landPostgres(stack.postgres), kubernetes: NOT_YET, aws: NOT_YET },
  redis: { local: (stack) => landRedis(stack.redis), kubernetes: NOT_YET, aws: NOT_YET },
  kafka: { local: (stack) => landKafka(stack.kafka), kubernetes: NOT_YET, aws: NOT_YET },
  service: { local: (stack) => landServices(stack.services), kubernetes: NOT_YET, aws: NOT_YET },
  task: { local: (stack) => landTasks(stack.tasks), kubernetes: NOT_YET, aws: NOT_YET },
  edge: { local: (stack) => landEdge(stack.edge), kubernetes: NOT_YET, aws: NOT_YET },
};

/**
 * Chooses the landing that the stack's settings name, once for the whole platform, and lowers the
 * graph to it. Throws PlatformError LANDING_NOT_YET, SETTINGS_INVALID.
 */
export function chooseLandings(
  graph: PlatformGraph,
  settings: StackSettings,
  sources: ProgramSources,
): Landings {
  switch (settings.landing) {
    case 'local':
      return landingsOf('local', lowerLocal(graph, settings, sources));
    case 'kubernetes':
      return landingsOf(
        'kubernetes',
        lowerKubernetes({ graph, settings, version: sources.version }),
      );
    case 'aws':
      return landingsOf('aws', settings);
  }
}

/** The code for every noun of one landing. Throws PlatformError LANDING_NOT_YET. */
export function landingsOf<L extends LandingName>(landing: L, lowered: LoweredStacks[L]): Landings {
  const land = <N extends Noun>(noun: N): Landings[N] => {
    const row: LandingRow<N> = LANDINGS[noun];
    const code: LandingCode<N, L> = row[landing];
    if (code === NOT_YET) throw notYet(noun, landing);
    return code(lowered);
  };
  return {
    certificates: land('certificates'),
    zones: land('zones'),
    postgres: land('postgres'),
    redis: land('redis'),
    kafka: land('kafka'),
    service: land('service'),
    task: land('task'),
    edge: land('edge'),
  };
}

function notYet(noun: Noun, landing: LandingName): PlatformError {
  const written = (Object.keys(LANDINGS[noun]) as LandingName[]).filter(
    (name) => LANDINGS[noun][name] !== NOT_YET,
  );
  return new PlatformError(
    'LANDING_NOT_YET',
    `Component '${noun}': landing must be one that is written (${written.map((name) => `'${name}'`).join(', ')}), got '${landing}'; choose it in stacks/<stack>.ts`,
  );
}
