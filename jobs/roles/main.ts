import { runJob } from '../run-job.ts';
import { roles } from './roles.ts';
import type { RolesOrder } from './roles-order.ts';

await runJob(async (given) => {
  // This platform's own output, not a user's input: its shape is taken as given.
  const order = given as RolesOrder;
  await roles(order);
  return `${order.roles.length} roles and ${order.databases.length} databases are as they should be`;
});
