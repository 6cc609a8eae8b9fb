import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from '@jest/globals';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

export const readers: Story = {
  title: 'somebody who reads',
  always: true,
  tell: ({ platform }) => {
    test(
      'is answered from the edge by way of PostgreSQL',
      async () => {
        const page = await platform.get('/v1/products?page_size=3');
        expect(page.status).toBe(200);
        const { products, nextPageToken } = JSON.parse(page.body) as {
          products: readonly { productId: string }[];
          nextPageToken: string;
        };
        expect(products).toHaveLength(3);
        expect(nextPageToken).not.toBe('');
        const one = await platform.get(`/v1/products/${String(products[0]?.productId)}`);
        expect(one.status).toBe(200);
        expect(JSON.parse(one.body)).toEqual(products[0]);
      },
      MINUTES,
    );

    test.each([
      ['/v1/products?page_size=abc', 400],
      ['/v1/products/none', 404],
      ['/v1/nothing', 404],
    ])(
      'is told of a mistake in a request, and never of a failure of ours: %s',
      async (target, status) => {
        const answer = await platform.get(target);
        expect(answer.status).toBe(status);
        expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
        expect(JSON.parse(answer.body)).toMatchObject({ status });
      },
      MINUTES,
    );

    test(
      'gets nothing from the gateway itself, which answers nobody but the edge',
      async () => {
        const refused = await new Promise<string>((resolve) => {
          const socket = connect({
            host: '127.0.1.16',
            port: platform.portBase,
            ca: readFileSync(path.join(platform.state, 'pki/root.crt')),
            checkServerIdentity: () => undefined,
          });
          // TLS 1.3: the client learns of the refusal only when it reads.
          socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
          socket.setEncoding('utf8');
          socket.on('data', () => resolve('answered'));
          socket.on('error', (error: Error) => resolve(error.message));
          socket.on('close', () => resolve('closed'));
        });
        expect(refused).toMatch(/certificate required/);
      },
      MINUTES,
    );
  },
};
