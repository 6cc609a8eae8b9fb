import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DescMessage } from '@bufbuild/protobuf';
import { freeSlot, MAX_SLOT } from '@meridian/components/model/validate/slot-problems.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Topic } from '@meridian/language/topic.ts';
import { declared, declaredServices } from '../../infra/platform-graph.ts';
import type { Consumed } from './new-service-files.ts';

/** Names of all services and tasks. */
export const declaredNames: readonly string[] = declared.map(({ name }) => name);

/**
 * The lowest slot that no service has.
 *
 * @throws {CodedError} SLOTS_EXHAUSTED
 */
export function slotForNew(): number {
  const services = declaredServices();
  const slot = freeSlot(services);
  if (slot !== undefined) return slot;
  throw new CodedError(
    'SLOTS_EXHAUSTED',
    `Platform: must have at most ${MAX_SLOT + 1} services, each with a slot, got ${services.length}; remove one with --remove`,
  );
}

/**
 * The topic that a service publishes, and one of its events.
 *
 * @throws {CodedError} TOPIC_UNKNOWN
 */
export async function topicOf(root: string, service: string): Promise<Consumed> {
  const file = path.join(root, 'services', service, 'topics.ts');
  const exported = existsSync(file)
    ? ((await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>)
    : {};
  for (const [name, value] of Object.entries(exported)) {
    const [event] = isTopic(value) ? (value.events as readonly DescMessage[]) : [];
    if (event !== undefined) {
      const module = `contract/gen/${event.file.name}_pb.js`;
      return { service, topic: name, event: event.name, module };
    }
  }
  const publishers = declaredServices()
    .filter(({ publishes }) => publishes.length > 0)
    .map(({ name }) => `'${name}'`);
  throw new CodedError(
    'TOPIC_UNKNOWN',
    `Topic to consume: must be of a service that publishes events (${publishers.join(', ')}), got '${service}'; give another one to --consumes`,
  );
}

function isTopic(value: unknown): value is Topic {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'topic';
}
