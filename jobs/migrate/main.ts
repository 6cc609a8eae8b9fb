import { fileURLToPath } from 'node:url';
import { runJob } from '../run-job.ts';
import type { MigrateOrder } from './migrate-order.ts';
import { migrate } from './migrate.ts';

const PROGRAM_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

await runJob(async (given) => {
  // This platform's own output, not a user's input: its shape is taken as given.
  const order = given as MigrateOrder;
  const run = await migrate(order, PROGRAM_FOLDER);
  return `Database '${order.database}': ${run.length} migrations have run, the last is ${run.at(-1) ?? 'none'}`;
});
