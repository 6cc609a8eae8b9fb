import { Asking } from './asking.ts';
import type { Setting } from './asking.ts';
import { catalogMethods, searchMethods } from './catalog-operations.ts';
import { identityMethods } from './identity-operations.ts';
import type { AskedMethods, Operation } from './operation.ts';
import { ordersMethods } from './orders-operations.ts';

/** Public methods that are not asked, each with the reason. */
export const NOT_ASKED: Readonly<Record<string, string>> = {
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
