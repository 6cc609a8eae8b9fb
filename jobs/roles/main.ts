import { runJob } from '../run-job.ts';
import { roles } from './roles.ts';
import type { RolesOrder } from './roles-order.ts';

await runJob(async (given) => {
  // This platform's own output, not a user's input: its shape is taken as given.
  const order = given as RolesOrder;
  const locked = await roles(order);
  const made = `${order.roles.length} roles and ${order.databases.length} databases are as they should be`;
  return locked.length === 0
    ? made
    : `${made}; nobody comes as ${locked.join(', ')}, as by that membership in rds_iam the server's owner would come by no password any more: look as the owner (docs/deploying.md, SQL on AWS)`;
});
