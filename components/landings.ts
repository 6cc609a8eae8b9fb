import type { CertificatesLanding } from './certificates/certificates.ts';
import type { ClusterLanding } from './cluster/cluster.ts';
import type { EdgeLanding } from './edge/edge.ts';
import type { KafkaLanding } from './kafka/kafka.ts';
import type { KubernetesSettings } from './kubernetes/kubernetes-settings.ts';
import type { LocalSettings } from './local/local-settings.ts';
import type { ProgramSources } from './local/program-sources.ts';
import type { PlatformGraph } from './model/graph.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { PostgresLanding } from './postgres/postgres.ts';
import type { RedisLanding } from './redis/redis.ts';
import type { SearchLanding } from './search/search.ts';
import type { ServiceLanding } from './service/service.ts';
import type { TaskLanding } from './task/task.ts';
import type { ZonesLanding } from './zones/zones.ts';

/** Each noun of the platform, and the code that makes it real. */
export interface Landings {
  readonly cluster: ClusterLanding;
  readonly certificates: CertificatesLanding;
  readonly zones: ZonesLanding;
  readonly postgres: PostgresLanding;
  readonly redis: RedisLanding;
  readonly kafka: KafkaLanding;
  readonly search: SearchLanding;
  readonly services: ServiceLanding;
  readonly tasks: TaskLanding;
  readonly edge: EdgeLanding;
}

/** A noun by its name. */
export type Noun = keyof Landings;

/** Settings of a stack whose landing is still to be written. */
export interface UnwrittenSettings {
  readonly landing: 'aws';
  readonly file: string;
}

/** Settings of any stack; `landing` tells them apart. */
export type StackSettings = LocalSettings | KubernetesSettings | UnwrittenSettings;

/**
 * Lowers the graph to the landing that the stack's settings name, once for the whole platform, and
 * gives the code for every noun of it. What another landing needs is not loaded. Throws CodedError
 * LANDING_NOT_YET, SETTINGS_INVALID.
 *
 * @param chartsFolder where charts that Pulumi installs from are written
 */
export async function chooseLandings(
  graph: PlatformGraph,
  settings: StackSettings,
  sources: ProgramSources,
  chartsFolder: string,
): Promise<Landings> {
  switch (settings.landing) {
    case 'local': {
      const { landLocal, lowerLocal } = await import('./local/lower-local.ts');
      return landLocal(lowerLocal(graph, settings, sources));
    }
    case 'kubernetes': {
      const { landKubernetes, lowerKubernetes } = await import('./kubernetes/lower-kubernetes.ts');
      const { version, migrations } = sources;
      const stack = lowerKubernetes({ graph, settings, version, migrations });
      return landKubernetes(stack, chartsFolder);
    }
    case 'aws':
      throw new CodedError(
        'LANDING_NOT_YET',
        `Setting 'landing': must be one that is written ('local', 'kubernetes'), got '${settings.landing}'; choose it in stacks/<stack>.ts`,
      );
  }
}
