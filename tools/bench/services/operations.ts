import { Asking } from './asking.ts';
import type { Setting } from './asking.ts';
import { catalogMethods, searchMethods } from './catalog-operations.ts';
import { identityMethods } from './identity-operations.ts';
import type { AskedMethods, Operation } from './operation.ts';
import { ordersMethods } from './orders-operations.ts';

const AUDITORS = 'auditors are few, and what they read is measured beside the writing of the log';

/** Public methods that are not asked, each with the reason. */
export const NOT_ASKED: Readonly<Record<string, string>> = {
  'AuditService/GetCheckpoint': AUDITORS,
  'AuditService/ListCheckpoints': AUDITORS,
  'AuditService/ListLogKeys': AUDITORS,
  'AuditService/ListEntries': AUDITORS,
  'AuditService/GetEntry': AUDITORS,
  'AuditService/GetStateAt': AUDITORS,
  'AuditService/GetInclusionProof': AUDITORS,
  'AuditService/GetConsistencyProof': AUDITORS,
  'AuditService/ListReads': AUDITORS,
  'AuditService/GetTile': AUDITORS,
  'AuditService/ListLeaves': AUDITORS,
  'PaymentsService/ReceiveWebhook':
    'only the provider can sign what it takes; its handler is seen, as orders have the provider call it',
};

/** Every other public method, and a whole purchase. */
export function operations(setting: Setting): readonly Operation[] {
  const asking = new Asking(setting);
  const of = (service: string, methods: AskedMethods): readonly Operation[] =>
    Object.entries(methods).map(([method, asked]) => ({
      ...{ method, objectiveMs: setting.objectivesMs[service] ?? Number.NaN },
      ...asked,
    }));
  return [
    ...of('catalog', catalogMethods(asking)),
    ...of('search', searchMethods(asking)),
    ...of('identity', identityMethods(asking)),
    ...of('orders', ordersMethods(asking)),
  ];
}
