import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Kafka } from 'kafkajs';
import type { Producer, ProducerConfig } from 'kafkajs';
import { KafkaPublisher } from './kafka-publisher.ts';

/** Sends that wait for the test, of producers that never connect to anything. */
class Brokers extends Kafka {
  readonly sends: { readonly by: number; readonly sent: PromiseWithResolvers<[]> }[] = [];
  readonly closed: number[] = [];
  #opened = 0;

  constructor() {
    super({ brokers: [] });
  }

  override producer(config?: ProducerConfig): Producer {
    const by = this.#opened++;
    return Object.assign(super.producer(config), {
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(void this.closed.push(by)),
      sendBatch: () => {
        const sent = Promise.withResolvers<[]>();
        this.sends.push({ by, sent });
        return sent.promise;
      },
    });
  }
}

test('an error closes the producer that it comes from, and not one that has been opened since', async () => {
  const brokers = new Brokers();
  const publisher = new KafkaPublisher(brokers);
  const [first, second] = [publisher.publish([]), publisher.publish([])];
  await setImmediate();
  brokers.sends[0]?.sent.reject(new Error('no leader'));
  await expect(first).rejects.toThrow('no leader');
  const third = publisher.publish([]);
  await setImmediate();
  brokers.sends[1]?.sent.reject(new Error('disconnected'));
  await expect(second).rejects.toThrow('disconnected');
  expect(brokers.closed).toEqual([0, 0]);
  brokers.sends[2]?.sent.resolve([]);
  await third;
  const fourth = publisher.publish([]);
  await setImmediate();
  brokers.sends[3]?.sent.resolve([]);
  await fourth;
  expect(brokers.sends.map(({ by }) => by)).toEqual([0, 0, 1, 1]);
});
