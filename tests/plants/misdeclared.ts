import { buildGraph } from '@meridian/components/model/build-graph.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { AnyService } from '@meridian/components/model/service.ts';
import type { Topic } from '@meridian/language/topic.ts';
import { declared, declaredServices } from '../../infra/platform-graph.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import type { Misdeclaration } from './declaration-plants.ts';

/** The graph of staging with one declaration that is wrong. Throws CodedError GRAPH_INVALID. */
export function misdeclared(mistake: Misdeclaration): PlatformGraph {
  const { trustDomain, zones } = stagingSettings({});
  const services = declaredServices();
  return buildGraph({
    name: 'meridian',
    trustDomain,
    zones,
    services: 'topic' in mistake ? withTopic(services, mistake) : withService(services, mistake),
    tasks: declared.filter((one) => one.kind === 'task'),
  });
}

function withService(
  services: readonly AnyService[],
  { service: name, scale, limits, objectives }: Extract<Misdeclaration, { service: string }>,
): readonly AnyService[] {
  return services.map((service) =>
    service.name === name
      ? {
          ...service,
          scale: { ...service.scale, ...scale },
          limits: { ...service.limits, ...limits },
          objectives: { ...service.objectives, ...objectives },
        }
      : service,
  );
}

/** A topic is one object, whoever names it. */
function withTopic(
  services: readonly AnyService[],
  { topic: name, change }: Extract<Misdeclaration, { topic: string }>,
): readonly AnyService[] {
  const changed = new Map<Topic, Topic>();
  const inPlace = (topic: Topic): Topic => {
    if (topic.name !== name) return topic;
    const known = changed.get(topic) ?? { ...topic, ...change };
    changed.set(topic, known);
    return known;
  };
  return services.map((service) => ({
    ...service,
    publishes: service.publishes.map(inPlace),
    consumes: service.consumes.map(inPlace),
  }));
}
