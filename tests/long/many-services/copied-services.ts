import type { Call } from '@meridian/components/model/call.ts';
import type { AnyService } from '@meridian/components/model/service.ts';
import type { Store } from '@meridian/components/model/store.ts';
import type { Topic } from '@meridian/language/topic.ts';
import { copiedContract } from './copied-contract.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Copies of services under names of their own, which call each other, store and publish as those do. */
export function copiedServices(
  services: readonly AnyService[],
  copy: number,
): readonly AnyService[] {
  const made = new Map<string, AnyService>();
  const topics = new Map<string, Topic>();
  const topicOf = (topic: Topic): Topic => {
    const known = topics.get(topic.name) ?? copiedTopic(topic, copy);
    topics.set(topic.name, known);
    return known;
  };
  const copied = (service: AnyService): AnyService => {
    const known = made.get(service.name);
    if (known !== undefined) return known;
    const name = `${service.name}${copy}`;
    const one: AnyService = {
      ...service,
      name,
      slot: service.slot + copy * services.length,
      contract: service.contract && copiedContract(service.contract, copy),
      calls: service.calls.map((call): Call => ({ ...call, service: copied(call.service) })),
      publishes: service.publishes.map(topicOf),
      consumes: service.consumes.map(topicOf),
      stores: service.stores.map((store) => copiedStore(store, name, copy)),
      alerts: service.alerts.map((alert) => ({
        ...alert,
        name: `${alert.name}Copy${LETTERS.charAt(copy)}`,
      })),
      // All of them share one PostgreSQL.
      scale: { ...service.scale, maxReplicas: service.scale.minReplicas },
      // A system outside, and what is signed for others, is of one service.
      externals: [],
      signs: [],
    };
    made.set(service.name, one);
    return one;
  };
  return services.map(copied);
}

function copiedTopic(topic: Topic, copy: number): Topic {
  return { ...topic, name: topic.name.replace('.', `${copy}.`) };
}

function copiedStore(store: Store, service: string, copy: number): Store {
  const name = `${store.name}${copy}`;
  const copied: Store = {
    ...store,
    name,
    binding: store.binding.replace(store.name, name),
  } as Store;
  return copied.kind === 'postgres'
    ? { ...copied, migrations: `services/${service}/migrations` }
    : copied;
}
