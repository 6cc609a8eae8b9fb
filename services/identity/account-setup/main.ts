import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { IdentityService } from '../contract/gen/meridian/identity/v1/identity_pb.js';
import { rolesOfStaff } from '../roles.ts';
import { accountArguments } from './arguments.ts';
import type { accountSetup } from './task.ts';

/** Twice hashing, on a busy machine. */
const TIMEOUT_MS = 20_000;

await runTask(async (runtime, signal) => {
  const { identity } = createClients<typeof accountSetup>(runtime, {
    identity: IdentityService,
  });
  const { role, email, password } = accountArguments(process.argv.slice(2));
  const { created } = await identity.ensureAccount(
    { email, password, roles: [...rolesOfStaff(role)] },
    { timeoutMs: TIMEOUT_MS, signal },
  );
  process.stdout.write(`Account ${email} ${created ? 'is new' : 'is as it should be'}\n`);
});
