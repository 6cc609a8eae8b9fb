import { setTimeout as delay } from 'node:timers/promises';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { OrdersService } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { PaymentsService } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { askedTrail } from '../reconciliation/asked-trail.ts';
import { auditedServices } from '../reconciliation/services.ts';
import { enterBaseline } from './enter-baseline.ts';
import type { auditBaseline } from './task.ts';

/** About as long as an event is on its way. */
const PAUSE_MS = 500;

// One line of JSON, which `meridian audit baseline` reads. Told `enter`, it enters; else it counts.
await runTask(async (runtime, signal) => {
  const { audit, ...clients } = createClients<typeof auditBaseline>(runtime, {
    audit: AuditService,
    catalog: CatalogService,
    identity: IdentityService,
    orders: OrdersService,
    payments: PaymentsService,
  });
  const outcome = await enterBaseline({
    services: auditedServices(clients, runtime.configuration.spiffeId, { signal }),
    trail: askedTrail(audit, { signal }),
    pause: () => delay(PAUSE_MS, undefined, { signal }),
    ...(process.argv[2] === 'enter' && {
      enter: async (states) =>
        (await audit.importBaseline({ states: [...states] }, { signal })).importedCount,
    }),
  });
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
});
