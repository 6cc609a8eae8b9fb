import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runProcess } from '@meridian/kit/process.ts';
import { OrdersService } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { EffectStore } from '@meridian/orders/effect-store.ts';
import { ordersHandlers } from '@meridian/orders/handler.ts';
import { openSagas } from '@meridian/orders/open-sagas.ts';
import { OrderStore } from '@meridian/orders/order-store.ts';
import type { Decision } from '@meridian/orders/saga/decide.ts';
import type { EffectName } from '@meridian/orders/saga/state.ts';
import { Sagas } from '@meridian/orders/sagas.ts';
import { METHODS_WITH_TOKEN } from '@meridian/orders/write-handlers.ts';
import { PaymentsService } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { CallLine, clientOver, servedBy } from './call-line.ts';
import type { Serve } from './call-line.ts';
import { KILL_POINT_VARIABLE, kindAndMoment } from './kill-point.ts';
import type { Moment } from './kill-point.ts';
import { QUICK } from './quick.ts';

/** Orders as it runs, but that it is asked, and asks, over the channel to its parent, and dies where it is told to. */
const diesAt = process.env[KILL_POINT_VARIABLE];

function pass(kind: EffectName, moment: Moment): void {
  // Nothing that could tidy up runs after this signal.
  if (kindAndMoment({ kind, moment }) === diesAt) process.kill(process.pid, 'SIGKILL');
}

type Given<M> = M extends (...given: infer A) => Promise<unknown> ? A : never;
type Result<M> = M extends (...given: never[]) => Promise<infer R> ? R : never;

/** Has something called before and after a method of a class, with what it was given and what it gave. */
function after<P extends object, K extends keyof P>(
  prototype: P,
  name: K,
  then: (result: Result<P[K]>, given: Given<P[K]>) => void,
  before: (given: Given<P[K]>) => void = () => undefined,
): void {
  const original = prototype[name] as unknown as (...given: Given<P[K]>) => Promise<Result<P[K]>>;
  const wrapped = async function (this: unknown, ...given: Given<P[K]>): Promise<Result<P[K]>> {
    before(given);
    const result = await original.apply(this, given);
    then(result, given);
    return result;
  };
  Object.defineProperty(prototype, name, { value: wrapped });
}

const decided = (decision: Decision): void => {
  for (const { kind } of decision.asked) pass(kind, 'decided');
};
after(OrderStore.prototype, 'insert', (_, [, decision]) => decided(decision));
after(OrderStore.prototype, 'update', (_, [, decision]) => decided(decision));
after(EffectStore.prototype, 'take', (taken) => {
  for (const { kind } of taken) pass(kind, 'taken');
});
after(
  Sagas.prototype,
  'answer',
  (open, [{ kind }]) => (open ? undefined : pass(kind, 'done')),
  ([{ kind }]) => pass(kind, 'answered'),
);

await runProcess((runtime) => {
  const database = openDatabase(runtime, 'orders-postgres');
  let serve: Serve = () => Promise.reject(new Error('not ready'));
  const line = new CallLine(process, (call) => serve(call));
  const peers = {
    catalog: clientOver(CatalogService, line),
    payments: clientOver(PaymentsService, line),
  };
  const outbox = new Outbox<never>(() => undefined);
  const { sagas, watch } = openSagas(runtime, database, outbox, peers, QUICK);
  const pages = new PageTokens(pageKeyOfTable(database));
  const handlers = ordersHandlers(
    { store: new OrderStore(database), effects: new EffectStore(database), pages, watch },
    {
      keys: new IdempotencyKeys(database, OrdersService, { ownedBySubject: METHODS_WITH_TOKEN }),
      sagas,
      catalog: peers.catalog,
    },
  );
  serve = servedBy(OrdersService, handlers);
  runtime.onRelease('channel to the parent', () => process.disconnect());
  return Promise.resolve();
});
