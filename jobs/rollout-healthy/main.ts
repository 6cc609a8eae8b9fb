import { ApiClient, placeInCluster } from '../kubernetes/api-client.ts';
import { runJob } from '../run-job.ts';
import type { RolloutOrder } from './rollout-order.ts';
import { waitForRollout } from './wait-for-rollout.ts';

await runJob(async (given) => {
  // This platform's own output, not a user's input: its shape is taken as given.
  const order = given as RolloutOrder;
  await waitForRollout(order, new ApiClient(placeInCluster(process.env)));
  return `Rollout '${order.name}' is healthy (release ${order.release})`;
});
