import { globSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRegistry, fromBinary, toJson } from '@bufbuild/protobuf';
import type { DescFile, JsonValue, Registry } from '@bufbuild/protobuf';
import { readCloudEvent } from '@meridian/kit/events/cloud-event.ts';
import { DROP_HEADER, REPLAY_HEADER } from '@meridian/kit/events/dead-letter.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { programFolder } from '../meridian/places.ts';
import type { PlacedRecord } from './topic-reader.ts';

/** A record of a topic as people and programs read it. */
export interface EventLine {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  /** CloudEvents context, absent with a `problem`. */
  readonly id?: string;
  readonly source?: string;
  readonly type?: string;
  readonly subject?: string;
  /** RFC 3339. */
  readonly time?: string;
  /** Id of the event or the request that caused it. */
  readonly causationId?: string;
  /** The order that it belongs to, else the request that began it. */
  readonly correlationId?: string;
  /** Version of the aggregate after the change. */
  readonly version?: string;
  readonly traceparent?: string;
  /** The only consumer that it is for: a dead letter that came to its topic again. */
  readonly replayFor?: string;
  /** Why that consumer is to let it go instead of handling it. */
  readonly dropReason?: string;
  /** The event's message in the JSON form of protobuf. */
  readonly data?: JsonValue;
  /** Why it cannot be read as an event. */
  readonly problem?: string;
}

/** The messages of every contract of every service. */
export async function contractRegistry(): Promise<Registry> {
  const files = globSync('services/*/contract/gen/**/*_pb.js', { cwd: programFolder });
  const modules = await Promise.all(
    files.sort().map(async (file) => {
      const url = pathToFileURL(path.join(programFolder, file)).href;
      return (await import(url)) as Readonly<Record<string, unknown>>;
    }),
  );
  return createRegistry(...modules.flatMap((module) => Object.values(module).filter(isFile)));
}

/** Reads a record as an event; what is wrong with one that is none stands in its `problem`. */
export function eventLine(
  { topic, partition, message }: PlacedRecord,
  registry: Registry,
): EventLine {
  const place = { topic, partition, offset: message.offset, key: message.key?.toString() ?? null };
  const headers = Object.fromEntries(
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  try {
    const { time, causationId, aggregateVersion, ...context } = readCloudEvent(headers);
    const schema = registry.getMessage(context.type);
    if (schema === undefined) throw new Error(`no contract has the message '${context.type}'`);
    const { traceparent, [REPLAY_HEADER]: replayFor, [DROP_HEADER]: dropReason } = headers;
    return {
      ...place,
      ...context,
      time: time.toISOString(),
      ...(causationId === undefined ? {} : { causationId }),
      ...(aggregateVersion === undefined ? {} : { version: aggregateVersion.toString() }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(replayFor === undefined ? {} : { replayFor }),
      ...(dropReason === undefined ? {} : { dropReason }),
      data: toJson(schema, fromBinary(schema, message.value ?? new Uint8Array()), { registry }),
    };
  } catch (error) {
    return { ...place, problem: messageOf(error) };
  }
}

/** The last of each topic, all in the order of their time. */
export function lastOfEach(lines: readonly EventLine[], count: number): readonly EventLine[] {
  const byTime = lines.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
  const topics = [...Map.groupBy(byTime, ({ topic }) => topic).values()];
  const kept = new Set(topics.flatMap((ofTopic) => ofTopic.slice(-count)));
  return byTime.filter((line) => kept.has(line));
}

function isFile(value: unknown): value is DescFile {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'file';
}
