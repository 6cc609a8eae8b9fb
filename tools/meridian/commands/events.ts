import { CodedError } from '@meridian/language/coded-error.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import { openAsAdministrator } from '../../events/administrator.ts';
import { contractRegistry, eventLine, lastOfEach } from '../../events/event-line.ts';
import type { EventLine } from '../../events/event-line.ts';
import { TopicReader } from '../../events/topic-reader.ts';
import { printJsonLine } from '../output/print-json.ts';

/** Options of `npm run events`. */
export interface EventOptions {
  readonly json?: boolean;
  readonly follow?: boolean;
  /** Everything that Kafka keeps. */
  readonly all?: boolean;
  /** Events of each topic, from its end. */
  readonly last: number;
}

/**
 * Prints the events of a topic, or of every topic, as their consumers get them: of the newest the
 * oldest first.
 *
 * @throws {CodedError} TOPIC_UNKNOWN, PLATFORM_NOT_RUNNING
 * @throws {CodedError} KAFKA_UNREACHABLE
 */
export async function events(topic: string | undefined, options: EventOptions): Promise<number> {
  const topics = wantedTopics(topic);
  const print = options.json === true ? printJsonLine<'events'> : printLine;
  const registry = await contractRegistry();
  const { access, identity } = await openAsAdministrator();
  const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
  process.once('SIGINT', () => stop(undefined));
  /** What is printed only once the end is known; later events are printed as they come. */
  let held: EventLine[] | undefined = options.all === true ? undefined : [];
  try {
    const reader = await TopicReader.open(access, {
      topics,
      ...(options.all === true ? {} : { last: options.last }),
      onRecord: (record) => {
        const line = eventLine(record, registry);
        if (held === undefined) print(line);
        else held.push(line);
      },
      onCaughtUp: () => {
        for (const line of lastOfEach(held ?? [], options.last)) print(line);
        held = undefined;
        if (options.follow !== true) stop(undefined);
      },
    });
    await stopped;
    await reader.close();
    return 0;
  } finally {
    identity.close();
  }
}

function wantedTopics(topic: string | undefined): readonly string[] {
  const known = landed(platform(localSettings({}))).topics.map(({ name }) => name);
  if (topic === undefined) return known;
  if (known.includes(topic)) return [topic];
  throw new CodedError(
    'TOPIC_UNKNOWN',
    `Topic '${topic}': must be one that a service publishes (${known.join(', ')}), got '${topic}'; choose one of them, or leave it out to have them all`,
  );
}

function printLine(line: EventLine): void {
  const { topic, partition, offset, key, time, type, data, problem } = line;
  const place = `${topic}[${partition}]@${offset}`;
  process.stdout.write(
    problem === undefined
      ? `${time ?? ''} ${place} ${type ?? ''} ${key ?? ''} ${originOf(line)}${JSON.stringify(data)}\n`
      : `${place} ${key ?? ''} is not an event: ${problem}\n`,
  );
}

/** What it belongs to and what caused it, as far as that says more than its own id. */
function originOf(line: EventLine): string {
  const { id, causationId, correlationId, replayFor, dropReason } = line;
  const parts = [
    correlationId !== id && `of ${correlationId ?? ''}`,
    causationId !== undefined && causationId !== correlationId && `by ${causationId}`,
    replayFor !== undefined && `again for ${replayFor}`,
    dropReason !== undefined && `to be dropped: ${dropReason}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? '' : `(${parts.join(', ')}) `;
}
