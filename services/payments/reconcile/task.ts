import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { payments } from '../service.ts';

/** Holds the payment provider's statement of a day against the ledger. */
export const statementReconciliation = defineTask({
  name: 'statement-reconciliation',
  summary: "Holds the payment provider's statement of a day against the ledger",
  calls: [call(payments, 'reconcileStatement')],
  entry: 'services/payments/reconcile/main.ts',
  inputs: [{ name: 'date', as: 'text' }],
});
