import { createRequire } from 'node:module';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../testing/eventually.ts';
import './request-queue.ts';

interface Queue {
  readonly throttleCheckTimeoutId: unknown;
  maybeThrottle(ms: number): void;
  push(request: object): void;
  fulfillRequest(response: object): void;
  destroy(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;

const queues: Queue[] = [];
afterEach(() => {
  for (const queue of queues.splice(0)) queue.destroy();
});

/** A queue of one request at a time, and the ids of what it has sent. */
function queueOfOne(): {
  readonly queue: Queue;
  readonly sent: number[];
  readonly push: (id: number) => void;
} {
  const sent: number[] = [];
  const logger = { debug: () => undefined, warn: () => undefined };
  const queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 60_000, logger });
  queues.push(queue);
  const push = (correlationId: number): void =>
    queue.push({
      entry: { correlationId, resolve: () => undefined, reject: () => undefined },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  return { queue, sent, push };
}

const answerTo = (correlationId: number): object => ({ correlationId, payload: {}, size: 0 });

test('a queue without anything pending plans nothing', () => {
  const { queue, sent, push } = queueOfOne();
  push(1);
  queue.fulfillRequest(answerTo(1));
  expect(sent).toEqual([1]);
  expect(queue.throttleCheckTimeoutId).toBeNull();
});

test('what is pushed while the broker throttles is sent after it', async () => {
  const { queue, sent, push } = queueOfOne();
  queue.maybeThrottle(50);
  push(1);
  expect(sent).toEqual([]);
  expect(queue.throttleCheckTimeoutId).not.toBeNull();
  await eventually(() => expect(sent).toEqual([1]));
});

test('what is pushed beyond the requests in flight is sent when one of them is answered', () => {
  const { queue, sent, push } = queueOfOne();
  push(1);
  push(2);
  expect(sent).toEqual([1]);
  queue.fulfillRequest(answerTo(1));
  expect(sent).toEqual([1, 2]);
});
