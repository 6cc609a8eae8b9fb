import { openDatabase } from '../../postgres/database.ts';
import { runProcess } from '../../process.ts';
import { openOutbox } from '../open-outbox.ts';

/** A process that does nothing but relay, for tests that stop or kill it. */
await runProcess((runtime) => {
  openOutbox(runtime, openDatabase(runtime, 'shop-postgres'));
  return Promise.resolve();
});
