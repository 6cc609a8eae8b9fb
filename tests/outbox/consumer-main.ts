import { consume } from '@meridian/kit/events/consume.ts';
import { on } from '@meridian/kit/events/event-handler.ts';
import { openInbox } from '@meridian/kit/events/inbox.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runProcess } from '@meridian/kit/process.ts';
import { EchoRequestSchema } from '@meridian/kit/testing/gen/meridian/kittest/v1/echo_pb.js';
import { Arrivals, tell } from './arrivals.ts';
import { numberOf, pacedEvents } from './paced-events.ts';

/** The declaration of a service that consumes the topic of the benchmark. */
interface Pace {
  readonly consumes: readonly [typeof pacedEvents];
}

/** A replica that consumes: each event's effect is its row in the inbox. */
await runProcess((runtime) => {
  const arrivals = new Arrivals();
  consume<Pace>(runtime, {
    inbox: openInbox(runtime, openDatabase(runtime, 'pace-postgres')),
    topics: {
      [pacedEvents.name]: [
        on(EchoRequestSchema, ({ text }, transaction) => {
          transaction.onCommit(() => arrivals.note(numberOf(text)));
          return Promise.resolve();
        }),
      ],
    },
  });
  tell({ ready: true });
  return Promise.resolve();
});
