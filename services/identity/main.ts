import type { StoreBinding } from '@meridian/components/model/client-types.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runService } from '@meridian/kit/run-service.ts';
import { openSigningKey } from '@meridian/kit/tls/open-signing-key.ts';
import { callerOf } from './caller.ts';
import { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';
import { identityHandlers } from './handler.ts';
import { openWorkshop } from './open-workshop.ts';
import type { identity } from './service.ts';

const database: StoreBinding<typeof identity, 'postgres'> = 'identity-postgres';

await runService<typeof identity>({
  contract: IdentityService,
  handlers: async (context) => {
    const signingKey = openSigningKey(context, 'token');
    const opened = openDatabase(context, database);
    const outbox = await context.openOutbox(opened);
    const workshop = openWorkshop(context, opened, outbox, signingKey);
    return identityHandlers({ ...workshop, callerOf });
  },
});
