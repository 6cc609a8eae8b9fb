import { beforeAll, expect, test } from '@jest/globals';
import {
  documentedExamples,
  ExampleRun,
  operationsWithoutExample,
} from '../documented-examples.ts';
import type { Ask, ExampleDocument } from '../documented-examples.ts';
import { send } from '../merchant.ts';
import { Shopper } from '../shopper.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

/** Executes the examples of the document that the edge serves. */
export const documented: Story = {
  title: 'a reader of the document',
  tell: ({ platform }) => {
    let document: ExampleDocument;
    const tokens = new Map<string, string>();
    beforeAll(async () => {
      document = JSON.parse((await platform.get('/openapi.json')).body) as ExampleDocument;
      for (const role of ['merchant', 'support', 'auditor']) {
        tokens.set(role, (await Shopper.withRole(platform, role)).token);
      }
    }, MINUTES);

    test('finds an example of every operation but of those that only systems call', () => {
      expect(operationsWithoutExample(document)).toEqual(['Payments_ReceiveWebhook']);
    });

    test(
      'gets the answers of the examples, in the order in which they build upon each other',
      async () => {
        const ask: Ask = async ({ role, token = tokens.get(role ?? '') }, method, target, body) => {
          const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
          return body === undefined
            ? await platform.request(method, target, { headers })
            : await send(platform, method, target, body, token === undefined ? {} : { token });
        };
        const run = new ExampleRun(ask);
        for (const example of documentedExamples(document)) await run.execute(example);
      },
      3 * MINUTES,
    );
  },
};
