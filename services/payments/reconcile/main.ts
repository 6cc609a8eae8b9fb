import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { PaymentsService } from '../contract/gen/meridian/payments/v1/payments_pb.js';
import { findingsOf } from './findings.ts';
import type { statementReconciliation } from './task.ts';

/** A statement has a line for each order of a day. */
const TIMEOUT_MS = 60_000;

// One line of JSON, which `meridian payments reconcile` reads.
await runTask(async (runtime, signal) => {
  const { payments } = createClients<typeof statementReconciliation>(runtime, {
    payments: PaymentsService,
  });
  const date = process.argv[2] ?? '';
  const found = await payments.reconcileStatement({ date }, { timeoutMs: TIMEOUT_MS, signal });
  process.stdout.write(`${JSON.stringify(findingsOf(date, found))}\n`);
});
