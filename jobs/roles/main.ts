import { runJob } from '../run-job.ts';
import { roles } from './roles.ts';
import type { RolesOrder } from './roles-order.ts';

await runJob(async (given) => {
  // This platform's own output, not a user's input: its shape is taken as given.
  const order = given as RolesOrder;
  const kept = await roles(order);
  const made = `${order.roles.length} roles and ${order.databases.length} databases are as they should be`;
  return kept.length === 0
    ? made
    : `${made}; nobody comes as ${kept.join(', nor as ')}: look as the owner (docs/deploying.md, SQL on AWS)`;
});
