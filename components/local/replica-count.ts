import type { ServiceNode } from '../model/graph.ts';
import type { LandedGraph } from '../model/landed.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { MAX_REPLICAS_PER_ZONE } from './addresses.ts';
import type { LocalSettings } from './local-settings.ts';

/** How many replicas a service has here: what the settings say, else one in each zone. */
export function replicaCount(service: ServiceNode, settings: LocalSettings): number {
  const { zones, replicas } = settings;
  return replicas[service.name] ?? Math.max(zones.length, service.scale.minReplicas);
}

/** The same of every service, by its name. */
export function replicaCounts(
  { services }: Pick<LandedGraph, 'services'>,
  settings: LocalSettings,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    services.map((service) => [service.name, replicaCount(service, settings)]),
  );
}

/**
 * Holds the replicas that the settings ask for against what the services declare. Throws
 * CodedError SETTINGS_INVALID, which lists every problem.
 */
export function checkReplicas(graph: LandedGraph, settings: LocalSettings): void {
  const { file, replicas, zones } = settings;
  const problems = Object.entries(replicas).flatMap(([name, count]) => {
    const service = graph.services.find((candidate) => candidate.name === name);
    const subject = `Setting 'meridian:replicas.${name}'`;
    if (service === undefined) {
      const names = graph.services.map((candidate) => `'${candidate.name}'`).join(', ');
      return [
        `${subject}: must be for a service that has code (${names}), got '${name}'; remove it in ${file}`,
      ];
    }
    const least = service.scale.minReplicas;
    const most = Math.min(service.scale.maxReplicas, zones.length * MAX_REPLICAS_PER_ZONE);
    if (Number.isInteger(count) && count >= least && count <= most) return [];
    return [`${subject}: must be ${least} to ${most}, got ${count}; set it in ${file}`];
  });
  if (problems.length > 0) {
    throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }
}
