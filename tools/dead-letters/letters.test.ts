import { expect, test } from '@jest/globals';
import {
  deadLetter,
  dropOf,
  heldBackLetter,
  settledLetter,
} from '@meridian/kit/events/dead-letter.ts';
import type { OutgoingRecord } from '@meridian/kit/events/publisher.ts';
import type { KafkaMessage } from 'kafkajs';
import { DeadLetters } from './letters.ts';

const TOPIC = 'shop.events.v1';
let timeMs = Date.parse('2026-01-02T03:04:05Z');

function event(id: string, key: string): KafkaMessage {
  return record({ ce_id: id, ce_type: 'shop.v1.Sold' }, key);
}

function record(headers: Record<string, string | Buffer>, key = 'a'): KafkaMessage {
  const common = { timestamp: '0', attributes: 0, offset: '1' };
  return { ...common, headers, key: Buffer.from(key), value: Buffer.alloc(0) };
}

/** A record as it is read from the dead letters, a second after the one before. */
function written({ key, value, headers }: OutgoingRecord) {
  timeMs += 1_000;
  const common = { timestamp: String(timeMs), attributes: 0, offset: String(timeMs) };
  const message = { ...common, key, value, headers: { ...headers } };
  return { topic: `${TOPIC}.dlq`, partition: 0, message };
}

const from = (consumer: string) => ({ consumer, topic: TOPIC, partition: 0, attempts: 5 });
const failure = new TypeError('a bug');

test('dead letters are counted by topic, consumer and reason, with what waits behind them', () => {
  const letters = new DeadLetters();
  letters.add(written(deadLetter(event('1', 'a'), from('search'), failure)));
  letters.add(written(deadLetter(event('2', 'b'), from('search'), failure)));
  letters.add(written(heldBackLetter(event('3', 'a'), from('search'), '1')));
  letters.add(written(deadLetter(event('1', 'a'), from('audit'), new RangeError('another'))));
  const groups = letters.groups();
  expect(groups).toMatchObject([
    { topic: TOPIC, consumer: 'search', reason: 'TypeError', events: 2, waiting: 1 },
    { topic: TOPIC, consumer: 'audit', reason: 'RangeError', events: 1, waiting: 0 },
  ]);
  const [search] = groups;
  expect((search?.last.getTime() ?? 0) - (search?.first.getTime() ?? 0)).toBe(1_000);
});

test('of an aggregate the event that failed is replayed, and not what waits behind it', () => {
  const letters = new DeadLetters();
  letters.add(written(deadLetter(event('1', 'a'), from('search'), failure)));
  letters.add(written(heldBackLetter(event('2', 'a'), from('search'), '1')));
  letters.add(written(deadLetter(event('3', 'b'), from('search'), failure)));
  const failed = letters.failed();
  expect(failed.map(({ id }) => id)).toEqual(['1', '3']);
  expect(failed.map((letter) => letters.behind(letter).map(({ id }) => id))).toEqual([['2'], []]);
});

test('what was handled after all is gone, for the consumer that handled it', () => {
  const letters = new DeadLetters();
  letters.add(written(deadLetter(event('1', 'a'), from('search'), failure)));
  letters.add(written(deadLetter(event('1', 'a'), from('audit'), failure)));
  letters.add(written(settledLetter(event('1', 'a'), from('search'))));
  expect(letters.all().map(({ consumer }) => consumer)).toEqual(['audit']);
});

test('one that fails again is one letter, since the first time', () => {
  const letters = new DeadLetters();
  letters.add(written(deadLetter(event('1', 'a'), from('search'), failure)));
  const [before] = letters.all();
  letters.add(written(deadLetter(event('1', 'a'), from('search'), failure)));
  expect(letters.all()).toMatchObject([{ id: '1', since: before?.since }]);
});

test('one without the headers of an event is one letter too, and is gone when it is dropped', () => {
  const letters = new DeadLetters();
  const foreign = record({});
  const first = written(deadLetter(foreign, from('search'), failure));
  letters.add(first);
  const [{ id } = { id: '' }] = letters.all();
  const { headers } = dropOf(first.message, id, 'nobody knows it');
  // That it failed again, and that it was let go.
  const back = record({ ...headers });
  letters.add(written(deadLetter(back, from('search'), failure)));
  expect(letters.all().map((letter) => letter.id)).toEqual([id]);
  letters.add(written(settledLetter(back, from('search'), 'nobody knows it')));
  expect(letters.all()).toEqual([]);
});
