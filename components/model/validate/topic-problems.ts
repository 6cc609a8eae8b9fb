import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import type { Topic } from '@meridian/language/topic.ts';
import { duplicateProblems } from './name-problems.ts';
import { integerProblem, quoted, quotedList, serviceFile, topicsFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** `<domain>.events.v<N>`; with the '.dlq' of its dead-letter topic it fits Kafka's 249 characters. */
const TOPIC_NAME = /^([a-z](?:[a-z0-9-]*[a-z0-9])?)\.events\.v[1-9][0-9]{0,2}$/;

export const MAX_PARTITIONS = 200;
export const MAX_RETENTION_DAYS = 3650;

/**
 * A copy in each of three zones: with one of them away two are left, of which a write waits for both. One copy is
 * lost with its broker, and of two a write either waits for both or is on one.
 */
export const MIN_REPLICATION = 3;

/** Names and sizes of topics, and that each one consumed is published. */
export function topicProblems(platform: PlatformProps): Problem[] {
  const { services } = platform;
  const topics = new Map<Topic, string>();
  for (const service of services) {
    for (const topic of service.publishes) topics.set(topic, service.name);
  }
  for (const service of services) {
    for (const topic of service.consumes) {
      if (!topics.has(topic)) topics.set(topic, domainOf(topic) ?? service.name);
    }
  }
  return [
    ...[...topics].flatMap(([topic, owner]) => [
      ...topicNameProblems(topic, owner, services),
      ...topicSizeProblems(topic, topicsFile(owner), platform.zones.length),
    ]),
    ...duplicateProblems(
      [...topics.keys()].map((topic) => topic.name),
      (name) => `Topic '${name}'`,
      'names of topics must be unique',
      'declare it once and import it where it is used',
    ),
    ...publisherProblems(services),
    ...repeatProblems(services),
  ];
}

function domainOf(topic: Topic): string | undefined {
  return TOPIC_NAME.exec(topic.name)?.[1];
}

function topicNameProblems(
  topic: Topic,
  owner: string,
  services: readonly AnyService[],
): Problem[] {
  const subject = `Topic '${topic.name}'`;
  const fix = `rename it in ${topicsFile(owner)}`;
  const domain = domainOf(topic);
  if (domain === undefined) {
    const rule = "name must have the form '<domain>.events.v1'";
    return [{ subject, rule, given: quoted(topic.name), fix }];
  }
  return services
    .filter((service) => service.publishes.includes(topic) && service.name !== domain)
    .map((service) => ({
      subject,
      rule: `its domain must be the service that publishes it ('${service.name}')`,
      given: quoted(domain),
      fix,
    }));
}

function topicSizeProblems(topic: Topic, file: string, zones: number): Problem[] {
  const subject = `Topic '${topic.name}'`;
  const fix = `set it in ${file}`;
  const { partitions, replication, retentionDays } = topic;
  return [
    ...integerProblem(subject, 'partitions', partitions, [1, MAX_PARTITIONS], fix),
    ...integerProblem(subject, 'replication', replication, replicationRange(zones), fix),
    ...integerProblem(subject, 'retentionDays', retentionDays, [1, MAX_RETENTION_DAYS], fix),
    ...(topic.key === '' ? [{ subject, rule: 'key must not be empty', given: "''", fix }] : []),
  ];
}

/** A copy in a zone of its own each; that there are too few zones is said of the zones. */
function replicationRange(zones: number): readonly [least: number, most: number] {
  return [MIN_REPLICATION, Math.max(MIN_REPLICATION, zones)];
}

function publisherProblems(services: readonly AnyService[]): Problem[] {
  const published = services.flatMap((service) => service.publishes.map((topic) => topic.name));
  return services.flatMap((service) =>
    service.consumes
      .filter((topic) => !published.includes(topic.name))
      .map((topic) => ({
        subject: `Service '${service.name}'`,
        rule: `it must consume topics that a service publishes (${quotedList(published)})`,
        given: quoted(topic.name),
        fix: `publish it in ${serviceFile(domainOf(topic) ?? '<domain>')} or remove it in ${serviceFile(service.name)}`,
      })),
  );
}

function repeatProblems(services: readonly AnyService[]): Problem[] {
  return services.flatMap((service) =>
    (['publishes', 'consumes'] as const).flatMap((field) =>
      duplicateProblems(
        service[field].map((topic) => topic.name),
        () => `Service '${service.name}'`,
        `${field} must name each topic once`,
        `set it in ${serviceFile(service.name)}`,
      ).slice(0, 1),
    ),
  );
}
