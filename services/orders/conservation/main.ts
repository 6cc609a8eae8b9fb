import { setTimeout as delay } from 'node:timers/promises';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { PaymentsService } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { OrdersService } from '../contract/gen/meridian/orders/v1/orders_pb.js';
import { readBooks } from './books.ts';
import { checkConservation } from './check.ts';
import type { conservationCheck } from './task.ts';

/** Long enough for a saga's step to be over. */
const PAUSE_MS = 500;

// One line of JSON, which `meridian check` reads.
await runTask(async (runtime, signal) => {
  const clients = createClients<typeof conservationCheck>(runtime, {
    catalog: CatalogService,
    orders: OrdersService,
    payments: PaymentsService,
  });
  const findings = await checkConservation(
    () => readBooks(clients, { signal }),
    () => delay(PAUSE_MS, undefined, { signal }),
  );
  process.stdout.write(`${JSON.stringify(findings)}\n`);
});
