import { setTimeout as delay } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { domainEvent } from '@meridian/kit/events/domain-event.ts';
import { openOutbox } from '@meridian/kit/events/open-outbox.ts';
import { openKafka } from '@meridian/kit/kafka/client.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EchoRequestSchema } from '@meridian/kit/testing/gen/meridian/kittest/v1/echo_pb.js';
import { Latencies } from '../../tools/bench/load/latencies.ts';
import { atPace } from '../../tools/bench/load/open-loop.ts';
import { paceReport } from '../outbox/pace-report.ts';
import type { Use, Way } from '../outbox/pace-report.ts';
import type { PaceProcess } from '../outbox/pace-process.ts';
import { PaceWorld } from '../outbox/pace-world.ts';
import { FLOOR_TOPIC, pacedEvents, sharedClockMs, textOf } from '../outbox/paced-events.ts';

const PER_SECOND = 500;
const SECONDS = 20;
const FLOOR_SECONDS = 10;
const REST_SECONDS = 5;
/** Connections, statements and code that the first events wait for; these are not counted. */
const WARM_UP_SECONDS = 4;
/** More than are on their way at once, so that commits of one do not meet. */
const AGGREGATES = 2_000;

/** Sends events at the pace, and gives the way of those that come after the first. */
async function measure(
  name: string,
  seconds: number,
  to: PaceProcess,
  send: (number: number, sent: () => void) => Promise<unknown>,
): Promise<Way> {
  const sentMs = new Map<number, number>();
  let next = 0;
  const sendNext = async (): Promise<undefined> => {
    const number = next++;
    await send(number, () => sentMs.set(number, sharedClockMs()));
  };
  await atPace({ ratePerSecond: PER_SECOND, seconds: WARM_UP_SECONDS }, sendNext);
  const first = next;
  const { failures } = await atPace({ ratePerSecond: PER_SECOND, seconds }, sendNext);
  expect(failures).toEqual({});
  await eventually(() => expect(to.arrivals.size).toBe(next), 120_000);
  const latencies = new Latencies(600_000);
  const times: number[] = [];
  for (let number = first; number < next; number += 1) {
    const [atMs = Number.NaN] = to.arrivals.get(number) ?? [];
    times.push(atMs);
    latencies.note(atMs - (sentMs.get(number) ?? Number.NaN));
  }
  const elapsedMs = Math.max(...times) - Math.min(...times);
  const perSecond = (times.length / elapsedMs) * 1e3;
  return { name, events: times.length, perSecond, latencyMs: latencies.summary() };
}

test(`each of ${PER_SECOND} events a second has its effect once, and how soon`, async () => {
  await using world = await PaceWorld.create();
  const writer = await world.openWriter();
  const payloadOf = (number: number): Buffer =>
    Buffer.from(toBinary(EchoRequestSchema, create(EchoRequestSchema, { text: textOf(number) })));

  const floorReader = await world.start('floor');
  const producer = openKafka(writer.runtime).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const floor = await measure(
    'a plain producer and consumer',
    FLOOR_SECONDS,
    floorReader,
    (number, sent) => {
      sent();
      const messages = [{ key: `${number % AGGREGATES}`, value: payloadOf(number) }];
      return producer.send({ topic: FLOOR_TOPIC, acks: -1, messages });
    },
  );
  await producer.disconnect();
  await floorReader.stop();

  // The first has the lock: as in a service, where most replicas only tell the one that relays.
  const parts = { relay: await world.start('relay'), consumer: await world.start('consumer') };
  const outbox = openOutbox<typeof pacedEvents>(writer.runtime, writer.database);
  const used = (): Promise<readonly number[]> =>
    Promise.all(Object.values(parts).map((part) => part.usedMs()));
  const before = await used();
  await delay(REST_SECONDS * 1e3);
  const rested = await used();
  const way = await measure('outbox, relay, inbox', SECONDS, parts.consumer, (number, sent) => {
    const key = `${number % AGGREGATES}`;
    const version = BigInt(1 + Math.floor(number / AGGREGATES));
    const event = domainEvent(EchoRequestSchema, { text: textOf(number) }, { key, version });
    return writer.database.transaction(async (transaction) => {
      transaction.onCommit(sent);
      await outbox.add(transaction, pacedEvents, [event]);
    });
  });
  // Of the floor nobody asks that: a plain consumer that loses its place handles events again.
  expect([...parts.consumer.arrivals.values()].filter((times) => times.length > 1)).toEqual([]);
  const after = await used();
  const uses = Object.keys(parts).map((name, index): Use => {
    const between = (from: readonly number[], to: readonly number[]): number =>
      (to[index] ?? Number.NaN) - (from[index] ?? Number.NaN);
    const events = parts.consumer.arrivals.size;
    return {
      name,
      msPerEvent: between(rested, after) / events,
      restMsPerSecond: between(before, rested) / REST_SECONDS,
    };
  });
  process.stdout.write(paceReport([way, floor], uses));
}, 600_000);
