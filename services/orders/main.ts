import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { StoreBinding } from '@meridian/components/model/client-types.ts';
import { AccountDeletedSchema } from '@meridian/identity/contract/gen/meridian/identity/v1/events_pb.js';
import { identityEvents } from '@meridian/identity/topics.ts';
import { consume } from '@meridian/kit/events/consume.ts';
import { on } from '@meridian/kit/events/event-handler.ts';
import { openInbox } from '@meridian/kit/events/inbox.ts';
import { openIdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runService } from '@meridian/kit/run-service.ts';
import { PaymentChangedSchema } from '@meridian/payments/contract/gen/meridian/payments/v1/events_pb.js';
import { PaymentsService } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { paymentsEvents } from '@meridian/payments/topics.ts';
import { OrdersService } from './contract/gen/meridian/orders/v1/orders_pb.js';
import { EffectStore } from './effect-store.ts';
import { forgetAccount } from './forget-account.ts';
import { ordersHandlers } from './handler.ts';
import { openSagas } from './open-sagas.ts';
import { OrderStore } from './order-store.ts';
import type { orders } from './service.ts';
import { METHODS_WITH_TOKEN } from './write-handlers.ts';

const database: StoreBinding<typeof orders, 'postgres'> = 'orders-postgres';

await runService<typeof orders>({
  contract: OrdersService,
  clients: { catalog: CatalogService, payments: PaymentsService },
  handlers: async (context) => {
    const opened = openDatabase(context, database);
    const outbox = await context.openOutbox(opened);
    const { sagas, watch } = openSagas(context, opened, outbox, context.clients);
    consume<typeof orders>(context, {
      inbox: openInbox(context, opened),
      topics: {
        [paymentsEvents.name]: [
          on(PaymentChangedSchema, async ({ payment }, transaction) => {
            if (payment !== undefined) await sagas.paymentChanged(payment, transaction);
          }),
        ],
        [identityEvents.name]: [
          on(AccountDeletedSchema, ({ accountId }, transaction) =>
            forgetAccount(accountId, transaction),
          ),
        ],
      },
    });
    const keys = openIdempotencyKeys(context, opened, OrdersService, {
      ownedBySubject: METHODS_WITH_TOKEN,
    });
    return ordersHandlers(
      {
        store: new OrderStore(opened),
        effects: new EffectStore(opened),
        pages: new PageTokens(pageKeyOfTable(opened)),
        watch,
      },
      { keys, sagas, catalog: context.clients.catalog },
    );
  },
});
