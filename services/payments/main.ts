import type { StoreBinding } from '@meridian/components/model/client-types.ts';
import { readExternalBinding } from '@meridian/kit/external/binding.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runService } from '@meridian/kit/run-service.ts';
import { PaymentsService } from './contract/gen/meridian/payments/v1/payments_pb.js';
import { paymentsHandlers } from './handler.ts';
import { openPayments } from './open-payments.ts';
import type { payments } from './service.ts';

const database: StoreBinding<typeof payments, 'postgres'> = 'payments-postgres';

await runService<typeof payments>({
  contract: PaymentsService,
  handlers: async (context) => {
    const provider = readExternalBinding(
      context.bindings,
      'payment-provider',
      context.workingFolder,
    );
    const opened = openDatabase(context, database);
    const outbox = await context.openOutbox(opened);
    return paymentsHandlers(openPayments(context, opened, outbox, provider));
  },
});
