import { toJson } from '@bufbuild/protobuf';
import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import {
  ListOrderEffectsResponseSchema,
  OrdersService,
} from '../contract/gen/meridian/orders/v1/orders_pb.js';
import type { orderStory } from './task.ts';

// One line of JSON, which `meridian order` reads: the answer, or null for an order that there is not.
await runTask(async (runtime, signal) => {
  const { orders } = createClients<typeof orderStory>(runtime, { orders: OrdersService });
  const effects = await orders
    .listOrderEffects({ orderId: process.argv[2] ?? '' }, { signal })
    .catch((error: unknown) => {
      if (error instanceof RpcError && error.status === 'NOT_FOUND') return undefined;
      throw error;
    });
  const told = effects === undefined ? null : toJson(ListOrderEffectsResponseSchema, effects);
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
