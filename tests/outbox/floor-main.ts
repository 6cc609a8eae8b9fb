import { fromBinary } from '@bufbuild/protobuf';
import { openKafka } from '@meridian/kit/kafka/client.ts';
import { runProcess } from '@meridian/kit/process.ts';
import { EchoRequestSchema } from '@meridian/kit/testing/gen/meridian/kittest/v1/echo_pb.js';
import { Arrivals, tell } from './arrivals.ts';
import { FLOOR_TOPIC, numberOf } from './paced-events.ts';

/** A plain consumer of kafkajs that keeps nothing: the least that it takes to read what was written. */
await runProcess(async (runtime) => {
  const arrivals = new Arrivals();
  const consumer = openKafka(runtime).consumer({ groupId: 'floor.events' });
  await consumer.connect();
  await consumer.subscribe({ topic: FLOOR_TOPIC, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      const { text } = fromBinary(EchoRequestSchema, message.value ?? new Uint8Array());
      arrivals.note(numberOf(text));
      return Promise.resolve();
    },
  });
  runtime.onRelease('floor', () => consumer.disconnect());
  tell({ ready: true });
});
