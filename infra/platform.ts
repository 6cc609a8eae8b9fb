/** What the platform consists of: a line for each service and for each task. */
export { audit } from '@meridian/audit/service.ts';
export { auditBaseline } from '@meridian/audit/baseline/task.ts';
export { auditVerification } from '@meridian/audit/verification/task.ts';
export { auditReading } from '@meridian/audit/reading/task.ts';
export { auditReconciliation } from '@meridian/audit/reconciliation/task.ts';
export { catalog } from '@meridian/catalog/service.ts';
export { catalogueSeed } from '@meridian/catalog/seed/task.ts';
export { gateway } from '@meridian/gateway/service.ts';
export { identity } from '@meridian/identity/service.ts';
export { accountSetup } from '@meridian/identity/account-setup/task.ts';
export { conservationCheck } from '@meridian/orders/conservation/task.ts';
export { orderStory } from '@meridian/orders/story/task.ts';
export { orders } from '@meridian/orders/service.ts';
export { payments } from '@meridian/payments/service.ts';
export { statementReconciliation } from '@meridian/payments/reconcile/task.ts';
export { search } from '@meridian/search/service.ts';
export { searchRebuild } from '@meridian/search/rebuild-task/task.ts';
