import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { StoreBinding } from '@meridian/components/model/client-types.ts';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { keepDaysOf } from '@meridian/kit/postgres/binding.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runService } from '@meridian/kit/run-service.ts';
import { OrdersService } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { PaymentsService } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { ArchiveStore } from './retention/archive-store.ts';
import { AuditService } from './contract/gen/meridian/audit/v1/audit_pb.js';
import { EventStore } from './event-store.ts';
import { auditHandlers } from './handler.ts';
import { ingest } from './ingestion/ingest.ts';
import { watchGaps } from './ingestion/watch-gaps.ts';
import { openLog } from './log/open-log.ts';
import { readHead } from './log/tile-store.ts';
import { scheduleReconciliation } from './reconciliation/schedule.ts';
import type { audit } from './service.ts';

const database: StoreBinding<typeof audit, 'postgres'> = 'audit-postgres';

await runService<typeof audit>({
  contract: AuditService,
  clients: {
    catalog: CatalogService,
    identity: IdentityService,
    orders: OrdersService,
    payments: PaymentsService,
  },
  handlers: (context) => {
    const session = openDatabase(context, database);
    const log = openLog(context, session);
    ingest(context, {
      store: new EventStore(session),
      kept: () => log.sequencer.wake(),
      log: async () => (await readHead(session)).log,
    });
    watchGaps(context, session);
    scheduleReconciliation({
      ...{ runtime: context, session, clients: context.clients },
      isActive: () => log.sequencer.state === 'active',
    });
    return auditHandlers({
      session,
      archives: new ArchiveStore(session, keepDaysOf(context.bindings, database)),
      pages: new PageTokens(pageKeyOfTable(session)),
      stoppedBecause: () => log.sequencer.stoppedBecause,
      succeed: (options) => log.succeed(options),
    });
  },
});
