import { expect, test } from '@jest/globals';
import type { Edge } from '../../shop/edge-client.ts';
import { measureHotOrders } from './hot-orders.ts';

test('only orders that are confirmed count, whoever placed them, and the others by what came instead', async () => {
  const placedBy = new Map<string, number>();
  const units = 6;
  let sold = 0;
  // Confirms at the second look, and cancels what is ordered once all is sold.
  const edge: Edge = {
    ask({ method, token = '', headers = {} }) {
      const order = (status: string, code: number) =>
        Promise.resolve({
          ...{ status: code, headers: {} },
          body: { orderId: 'some-order', etag: status, status: `ORDER_STATUS_${status}` },
        });
      if (method === 'GET') {
        expect(headers['if-none-match']).toBe('"RESERVED"');
        return order('CONFIRMED', 200);
      }
      placedBy.set(token, (placedBy.get(token) ?? 0) + 1);
      sold += 1;
      return order(sold > units ? 'CANCELLED' : 'RESERVED', 201);
    },
  };
  const customers = ['ann', 'bob'].map((name) => ({ accessToken: name, refreshToken: '' }));
  const measured = await measureHotOrders(edge, customers, { productId: 'hot', seconds: 0.2 });
  expect(measured).toMatchObject({ confirmed: units, failures: { ORDER_STATUS_CANCELLED: 2 } });
  expect([...placedBy.keys()]).toEqual(['ann', 'bob']);
  expect(measured.perSecond).toBeGreaterThan(0);
});
