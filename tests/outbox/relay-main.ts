import { openOutbox } from '@meridian/kit/events/open-outbox.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runProcess } from '@meridian/kit/process.ts';
import { answerQuestions, tell } from './arrivals.ts';

/** A process that does nothing but relay, as every replica of a service that publishes can. */
await runProcess((runtime) => {
  openOutbox(runtime, openDatabase(runtime, 'pace-postgres'));
  answerQuestions();
  tell({ ready: true });
  return Promise.resolve();
});
