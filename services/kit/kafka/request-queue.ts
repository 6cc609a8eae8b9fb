import { createRequire } from 'node:module';

/** The part of kafkajs's queue of requests, one for each connection, that is fixed here. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueue;
};

/**
 * kafkajs 2.2.4 looks after every answer for requests that wait for the end of a throttle, and where
 * none waits it plans to look again at once, for ever: a thousand times a second on each connection,
 * by a time that is negative, of which Node.js 24 warns (TimeoutNegativeWarning). What is pushed later
 * plans its own look, so without anything pending there is nothing to plan.
 * Source: https://github.com/tulios/kafkajs/issues/1704 and 1751, both open.
 */
const { scheduleCheckPendingRequests } = prototype;
prototype.scheduleCheckPendingRequests = function (): void {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
};
