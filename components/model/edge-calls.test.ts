import { expect, test } from '@jest/globals';
import { edgeService } from './call-order.ts';
import { buildGraph } from './build-graph.ts';
import { call } from './call.ts';
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
