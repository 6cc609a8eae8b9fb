import { exampleId, SOME_TIME, varying } from '@meridian/kit/contract/example.ts';
import type { Examples } from '@meridian/kit/contract/example.ts';
import type { OrdersService } from './gen/meridian/orders/v1/orders_pb.js';

const productId = exampleId('product');
const orderId = exampleId('order');
const declinedId = exampleId('declined order');
const unitPrice = { currencyCode: 'EUR', minorUnits: '7900' };
const total = { currencyCode: 'EUR', minorUnits: '15800' };

const placed = {
  orderId,
  accountId: exampleId('account'),
  status: 'ORDER_STATUS_PENDING',
  lines: [{ productId, name: 'Brass sundial', quantity: 2, unitPrice }],
  total,
  refunded: { currencyCode: 'EUR', minorUnits: '0' },
  createTime: SOME_TIME,
  updateTime: SOME_TIME,
  version: '1',
  etag: varying('m2x9'),
};

const confirmed = { ...placed, status: 'ORDER_STATUS_CONFIRMED', version: varying('5') };
const declined = {
  ...placed,
  orderId: declinedId,
  status: 'ORDER_STATUS_PAYMENT_DECLINED',
  declineCode: 'insufficient_funds',
  version: varying('3'),
};

/** What is shown of orders: one that is bought, and one whose payment is declined at first. */
export const examples: Examples<typeof OrdersService> = {
  createOrder: [
    {
      name: 'placed',
      summary: 'A customer orders two of a product, at the total that was shown.',
      as: 'customer',
      request: {
        items: [{ productId, quantity: 2 }],
        paymentMethodToken: 'tok_ok',
        expectedTotal: total,
      },
      response: placed,
      gives: [orderId],
      after: ['UpdateProduct', 'AdjustStock'],
    },
    {
      name: 'unpaid',
      summary:
        'The same with a means of payment that will be declined; the answer does not wait for it.',
      as: 'customer',
      request: {
        items: [{ productId, quantity: 2 }],
        paymentMethodToken: 'tok_insufficient_funds',
      },
      response: { ...placed, orderId: declinedId },
      gives: [declinedId],
      after: ['ListOrders'],
    },
  ],
  getOrder: [
    {
      name: 'confirmed',
      summary: 'The order is confirmed: the goods are sold and the payment is captured.',
      as: 'customer',
      request: { orderId },
      response: confirmed,
    },
    {
      name: 'refunded',
      summary: 'Part of what was paid was given back.',
      as: 'customer',
      request: { orderId },
      response: { ...confirmed, refunded: unitPrice, version: varying('7') },
      after: ['RefundOrder'],
    },
    {
      name: 'declined',
      summary: 'The payment was declined, and another means of payment may be tried.',
      as: 'customer',
      request: { orderId: declinedId },
      response: declined,
    },
  ],
  listOrders: [
    {
      name: 'own',
      summary: 'A customer lists their orders, the newest first.',
      as: 'customer',
      request: { pageSize: 20 },
      response: { orders: [confirmed], nextPageToken: '' },
      after: ['GetOrder/confirmed'],
    },
  ],
  payOrder: [
    {
      name: 'paid',
      summary: 'The customer tries another means of payment.',
      as: 'customer',
      request: { orderId: declinedId, paymentMethodToken: 'tok_ok' },
      response: {
        ...placed,
        orderId: declinedId,
        status: 'ORDER_STATUS_RESERVED',
        version: varying('4'),
      },
      after: ['GetOrder/declined'],
    },
  ],
  refundOrder: [
    {
      name: 'partly',
      summary: 'Support gives back what one of the two cost.',
      as: 'support',
      request: { orderId, amount: unitPrice },
      // The provider gives it back; GetOrder says when it has.
      response: { ...confirmed, version: varying('6') },
      after: ['ListOrders'],
    },
  ],
  cancelOrder: [
    {
      name: 'cancelled',
      summary: 'The customer cancels, and money and goods come back.',
      as: 'customer',
      request: { orderId, reason: 'One would have been enough' },
      response: {
        ...confirmed,
        status: 'ORDER_STATUS_CANCELLING',
        cancelCause: 'CANCEL_CAUSE_CUSTOMER',
        cancelReason: 'One would have been enough',
        refunded: unitPrice,
        version: varying('8'),
      },
      after: ['GetOrder/refunded', 'PayOrder'],
    },
  ],
};
