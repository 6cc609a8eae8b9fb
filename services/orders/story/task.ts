import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { orders } from '../service.ts';

/** Tells what the saga of an order asked of other services. */
export const orderStory = defineTask({
  name: 'order-story',
  summary: "Tells the effects of an order's saga",
  calls: [call(orders, 'listOrderEffects')],
  entry: 'services/orders/story/main.ts',
  inputs: [{ name: 'order', as: 'text' }],
});
