import type { TopicNode } from '@meridian/components/model/graph.ts';
import type { Finding } from '../finding.ts';
import { addedTo, matched, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';

const TOPIC: Comparators<TopicNode, Comparison & { readonly topic: string }> = {
  name: toldBy('the pairing of topics by their names'),
  key: (before, after, { topic }) => [
    changed(topic, 'key', {
      kind: 'topic-changed',
      ...{ property: 'key', before, after },
      consequence: 'events that came in order may come in another',
    }),
  ],
  partitions: (before, after, { topic }) => [
    changed(topic, 'partitions', {
      kind: after < before ? 'data-replaced' : 'topic-changed',
      ...{ property: 'partitions', before: String(before), after: String(after) },
      consequence:
        after < before
          ? 'Kafka takes no partition away: it is refused, or the topic is made again, empty'
          : 'a key goes to another partition: its events before and after may change places',
    }),
  ],
  replication: (before, after, { topic }) => [
    changed(topic, 'replication', {
      kind: after < before ? 'data-unprotected' : 'topic-changed',
      ...{ property: 'copies', before: String(before), after: String(after) },
      consequence:
        after < before
          ? 'fewer disks have to fail for events to be lost'
          : 'every event is copied once more',
    }),
  ],
  retentionDays: (before, after, { topic }) => [
    changed(topic, 'retentionDays', {
      kind: after < before ? 'retention-cut' : 'retention-extended',
      ...{ property: 'days that events are kept', before: String(before), after: String(after) },
      consequence:
        after < before
          ? 'a consumer that stands still for longer misses events for good'
          : 'the disks of Kafka hold more',
    }),
  ],
  publishers: (before, after, { topic }) => [
    ...addedTo(before, after).map((service) =>
      ofMember(`service ${service}`, 'publishes', {
        kind: 'writer-added',
        ...{ subject: `${service} → ${topic}`, among: 'topics', word: topicWord(topic) },
        consequence: `whoever consumes it acts on what ${service} says`,
      }),
    ),
    ...addedTo(after, before).map((service) =>
      ofMember(`service ${service}`, 'publishes', {
        kind: 'topic-removed',
        ...{ subject: `${service} → ${topic}`, among: 'topics', word: topicWord(topic) },
        consequence: `nobody learns of what ${service} does`,
      }),
    ),
  ],
  consumers: (before, after, { topic, head }) => [
    ...addedTo(before, after).map((service) =>
      ofMember(`service ${service}`, 'consumes', {
        kind: 'topic-added',
        ...{ subject: `${topic} → ${service}`, among: 'topics', word: topicWord(topic) },
        consequence: `${service} gets all that is still kept of it, and all that comes`,
      }),
    ),
    ...addedTo(after, before)
      .filter((service) => isIn(head, service))
      .map((service) =>
        ofMember(`service ${service}`, 'consumes', {
          kind: 'topic-removed',
          ...{ subject: `${topic} → ${service}`, among: 'topics', word: topicWord(topic) },
          consequence: `${service} learns of nothing that happens there any more`,
        }),
      ),
  ],
};

/** Topics that come, go or are kept by other rules, and who is at their ends. */
export function topicFindings(comparison: Comparison): readonly Finding[] {
  const { base, head } = comparison;
  const { gone, come, both } = matched(base.graph.topics, head.graph.topics, ({ name }) => name);
  return [
    ...gone.map(({ name, consumers }) =>
      changed(name, 'name', {
        kind: 'data-deleted',
        consequence:
          consumers.length === 0
            ? 'every event that it still keeps goes with it'
            : `every event that it still keeps goes with it, and ${consumers.join(', ')} learn of nothing more`,
      }),
    ),
    ...come.map(({ name, publishers, consumers }) =>
      changed(name, 'name', {
        kind: 'topic-added',
        consequence: `${publishers.join(', ')} may write to it, ${consumers.length === 0 ? 'nobody reads it' : `${consumers.join(', ')} read it`}`,
      }),
    ),
    ...both.flatMap(([old, now]) =>
      compareMembers(TOPIC, old, now, {
        context: { ...comparison, topic: now.name },
        node: { declaration: `topic ${now.name}`, subject: now.name, among: 'topics' },
      }),
    ),
  ];
}

function isIn({ graph }: Comparison['base'], service: string): boolean {
  return graph.services.some(({ name }) => name === service);
}

/** What the constant of a topic is called, as service.ts names it: 'catalogEvents' of 'catalog.events.v1'. */
function topicWord(topic: string): string {
  const [domain = '', kind = ''] = topic.split('.');
  return `${domain}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}

function changed(
  topic: string,
  member: string,
  finding: Pick<Finding, 'kind' | 'property' | 'before' | 'after' | 'consequence'>,
): Finding {
  const word = member === 'name' ? topic : member;
  return {
    ...finding,
    ...{ subject: topic, among: 'topics' },
    from: { declaration: `topic ${topic}`, member, word },
  };
}
