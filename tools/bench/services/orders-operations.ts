import type { Edge, EdgeRequest } from '../../shop/edge-client.ts';
import { followed, getOrder } from '../../shop/orders.ts';
import type { Order } from '../../shop/orders.ts';
import { failureOf, write } from './asking.ts';
import type { Asking, Person } from './asking.ts';
import { Fresh } from './fresh.ts';
import type { Ask, AskedMethods } from './operation.ts';

/** An order sets off its whole saga, which takes a good part of a small machine. */
const ORDERS_PER_SECOND = 5;
/** What a customer waits for without thinking of something else. Source: Nielsen, "Usability Engineering", 1993. */
const PURCHASE_OBJECTIVE_MS = 1000;

/** Whose an order is. */
interface Owned {
  readonly orderId: string;
  readonly owner: Person;
}

/** What customers and support ask of orders; first what takes orders that are settled. */
export function ordersMethods(asking: Asking): AskedMethods {
  const { edge, support } = asking;
  const token = (): string => asking.shopper().session.accessToken;
  const order = (): EdgeRequest => orderBy(asking, asking.shopper(), 'tok_ok');
  const confirmed = settled(asking, 'tok_ok', 'ORDER_STATUS_CONFIRMED');
  const declined = settled(asking, 'tok_declined', 'ORDER_STATUS_PAYMENT_DECLINED');
  const about = ({ orderId, owner }: Owned, verb: string, body: object): EdgeRequest =>
    write(owner.session.accessToken, `/v1/orders/${orderId}:${verb}`, body);
  return {
    'OrdersService/RefundOrder': asking.spends(
      confirmed,
      'confirmed order',
      (owned) => ({ ...about(owned, 'refund', {}), token: support() }),
      ORDERS_PER_SECOND,
    ),
    'OrdersService/CancelOrder': asking.spends(
      confirmed,
      'confirmed order',
      (owned) => about(owned, 'cancel', {}),
      ORDERS_PER_SECOND,
    ),
    'OrdersService/PayOrder': asking.spends(
      declined,
      'declined order',
      (owned) => about(owned, 'pay', { paymentMethodToken: 'tok_ok' }),
      ORDERS_PER_SECOND,
    ),
    'OrdersService/ListOrders': asking.reads(() => '/v1/orders?page_size=20', token),
    'OrdersService/GetOrder': { ask: readingOrders(edge, asking.setting.shoppers) },
    'OrdersService/CreateOrder': { ...asking.asks(order), ratePerSecond: ORDERS_PER_SECOND },
    [A_PURCHASE]: {
      ask: async () => {
        const outcome = await followed(edge, order());
        if ('failed' in outcome) return outcome.failed;
        return outcome.status === 'ORDER_STATUS_CONFIRMED' ? undefined : outcome.status;
      },
      ratePerSecond: ORDERS_PER_SECOND,
      objectiveMs: PURCHASE_OBJECTIVE_MS,
    },
  };
}

/** No method, but what a customer waits for. */
export const A_PURCHASE = 'a purchase until it is confirmed';

function orderBy(asking: Asking, { session }: Person, paymentMethodToken: string): EdgeRequest {
  return write(session.accessToken, '/v1/orders', {
    items: [{ productId: asking.next(asking.setting.stocked).productId, quantity: 1 }],
    paymentMethodToken,
  });
}

/** Orders that have come to a status in which they stay. */
function settled(asking: Asking, means: string, status: Order['status']): Fresh<Owned> {
  return new Fresh(async () => {
    const owner = asking.shopper();
    const outcome = await followed(asking.edge, orderBy(asking, owner, means));
    if ('failed' in outcome || outcome.status !== status) return undefined;
    return { orderId: outcome.orderId, owner };
  });
}

/** Reads the newest order of each shopper, whose ids are looked up once. */
function readingOrders(edge: Edge, shoppers: readonly Person[]): Ask {
  const newest = new Map<Person, Promise<string | undefined>>();
  const find = async ({ session: { accessToken: token } }: Person): Promise<string | undefined> => {
    const answer = await edge.ask({ method: 'GET', path: '/v1/orders?page_size=1', token });
    if (answer.status !== 200) return undefined;
    return (answer.body as { orders?: readonly { orderId: string }[] }).orders?.[0]?.orderId;
  };
  let turn = 0;
  return async () => {
    const shopper = shoppers[turn++ % shoppers.length];
    if (shopper === undefined) return 'no shopper';
    if (!newest.has(shopper)) newest.set(shopper, find(shopper));
    const orderId = await newest.get(shopper);
    if (orderId === undefined) return 'a shopper without an order';
    return failureOf(await getOrder(edge, orderId, shopper.session.accessToken));
  };
}
