import { describe, expect, test } from '@jest/globals';
import { edgeService } from './call-order.ts';
import { buildGraph } from './build-graph.ts';
import { call } from './call.ts';
import { sampleContract } from './testing/sample-contract.ts';
import type { PlatformProps } from './platform.ts';
import { archive, door, samplePlatform, shelf, withService } from './testing/sample-platform.ts';

const callsOfDoor = (platform = samplePlatform) => {
  const graph = buildGraph(platform);
  return graph.calls.filter(({ from }) => from === edgeService(graph).name);
};

test('the edge calls every method that a public service has a route for, and none of its others', () => {
  const declared = { calls: [call(archive, 'readEntry')] };
  expect(callsOfDoor(withService(door.name, declared))).toEqual([
    { from: 'door', to: 'archive', methods: ['/sample.archive.v1.ArchiveService/ReadEntry'] },
    { from: 'door', to: 'shelf', methods: ['/sample.shelf.v1.ShelfService/ListBooks'] },
  ]);
});

test('what the edge declares to call for itself is called besides', () => {
  const declared = { calls: [call(shelf, 'importBooks'), call(archive, 'readEntry')] };
  const shelves = callsOfDoor(withService(door.name, declared)).filter(({ to }) => to === 'shelf');
  expect(shelves).toEqual([
    {
      from: 'door',
      to: 'shelf',
      methods: [
        '/sample.shelf.v1.ShelfService/ImportBooks',
        '/sample.shelf.v1.ShelfService/ListBooks',
      ],
    },
  ]);
});

describe('a method that takes webhooks', () => {
  const takes = (
    route: string,
    systemMethods: readonly string[] = ['readEntry', 'takeWebhook'],
  ): PlatformProps => {
    const methods = { readEntry: '', takeWebhook: route };
    const contract = sampleContract('sample.archive.v1.ArchiveService', methods);
    const receiver = { ...archive, contract, systemMethods };
    return {
      ...samplePlatform,
      services: [{ ...door, calls: [call(receiver, 'readEntry')] }, shelf, receiver],
    };
  };
  const path = '/sample.archive.v1.ArchiveService/TakeWebhook';

  test('is called by the edge alone, though its service is internal, and acts for nobody', () => {
    const graph = buildGraph(takes('webhook POST /v1/webhooks/{sender}'));
    expect(graph.allow['archive']?.[path]).toEqual(['door']);
    expect(graph.entries['archive']?.[path]).toEqual({});
    const method = graph.services
      .find(({ name }) => name === 'archive')
      ?.methods.find(({ name }) => name === 'TakeWebhook');
    expect(method).toMatchObject({
      routes: [],
      webhooks: [{ verb: 'POST', path: '/v1/webhooks/{sender}' }],
      actors: ['system'],
      roles: [],
    });
  });

  test('is refused without a POST, without being declared for the system, and on the route of another', () => {
    expect(() => buildGraph(takes('webhook GET /v1/books/{sender}'))).toThrow(
      "Service 'archive': method 'takeWebhook' takes webhooks (raw_webhook), so its google.api.http annotation must be a POST, got 'GET'",
    );
    expect(() => buildGraph(takes('webhook POST /v1/webhooks', ['readEntry']))).toThrow(
      "method 'takeWebhook' takes webhooks (raw_webhook), so it must be in systemMethods, got no entry",
    );
    expect(() => buildGraph(takes('webhook GET /v1/books'))).toThrow(
      "route of method 'takeWebhook' must not be that of shelf.listBooks, got 'GET /v1/books'",
    );
  });
});
