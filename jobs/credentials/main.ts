import { ApiClient, placeInCluster } from '../kubernetes/api-client.ts';
import { runJob } from '../run-job.ts';
import type { CredentialsOrder } from './credentials-order.ts';
import { makeCredentials } from './make-credentials.ts';

await runJob(async (given) => {
  // This platform's own output, not a user's input: its shape is taken as given.
  const order = given as CredentialsOrder;
  const { kept, made } = await makeCredentials(order, new ApiClient(placeInCluster(process.env)));
  return `Engine '${order.engine}': kept the passwords of ${list(kept)}, made those of ${list(made)}`;
});

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.join(', ');
}
