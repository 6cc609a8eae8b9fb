import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { IdentityService } from '../contract/gen/meridian/identity/v1/identity_pb.js';
import type { Role } from '../roles.ts';
import { merchantArguments } from './arguments.ts';
import type { merchantAccount } from './task.ts';

const ROLES: readonly Role[] = ['customer', 'merchant'];
/** Twice hashing, on a busy machine. */
const TIMEOUT_MS = 20_000;

await runTask(async (runtime, signal) => {
  const { identity } = createClients<typeof merchantAccount>(runtime, {
    identity: IdentityService,
  });
  const { email, password } = merchantArguments(process.argv.slice(2));
  const { created } = await identity.ensureAccount(
    { email, password, roles: [...ROLES] },
    { timeoutMs: TIMEOUT_MS, signal },
  );
  process.stdout.write(`Account ${email} ${created ? 'is new' : 'is as it should be'}\n`);
});
