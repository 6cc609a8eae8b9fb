import { describe, expect, test } from '@jest/globals';
import { buildGraph } from './build-graph.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { serialiseGraph } from './serialise.ts';
import { archive, door, samplePlatform, shelf, withService } from './testing/sample-platform.ts';

describe('buildGraph', () => {
  test('gives the same bytes for the same declarations', () => {
    expect(serialiseGraph(buildGraph(samplePlatform))).toBe(
      serialiseGraph(buildGraph({ ...samplePlatform })),
    );
  });

  test('does not depend on the order in which zones, methods and calls are written', () => {
    const [call1, call2] = door.calls;
    const shuffled = {
      ...samplePlatform,
      zones: samplePlatform.zones.toReversed(),
      services: [{ ...door, calls: [call2, call1] }, shelf, archive],
    };
    expect(serialiseGraph(buildGraph(shuffled))).toBe(serialiseGraph(buildGraph(samplePlatform)));
  });

  test('survives a round trip through JSON', () => {
    const graph = buildGraph(samplePlatform);
    expect(JSON.parse(serialiseGraph(graph))).toEqual(graph);
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
  });

  test('sorts services by name, each with the slot that it declares', () => {
    expect(buildGraph(samplePlatform).services.map(({ name, slot }) => [name, slot])).toEqual([
      ['archive', 2],
      ['door', 0],
      ['shelf', 1],
    ]);
  });

  test('moves no service when another one goes, or the order changes', () => {
    // Without shelf, which was between them.
    const services = [
      { ...archive, consumes: [] },
      { ...door, calls: door.calls.filter(({ service }) => service.name !== 'shelf') },
    ];
    const graph = buildGraph({ ...samplePlatform, services, tasks: [] });
    expect(graph.services.map(({ name, slot }) => [name, slot])).toEqual([
      ['archive', 2],
      ['door', 0],
    ]);
  });

  test('reads the routes of methods from their annotations', () => {
    const node = buildGraph(samplePlatform).services.find(({ name }) => name === 'shelf');
    expect(node?.methods).toEqual([
      {
        name: 'ImportBooks',
        path: '/sample.shelf.v1.ShelfService/ImportBooks',
        kind: 'unary',
        routes: [],
        webhooks: [],
        actors: ['system'],
        roles: [],
      },
      {
        name: 'ListBooks',
        path: '/sample.shelf.v1.ShelfService/ListBooks',
        kind: 'unary',
        routes: [{ verb: 'GET', path: '/v1/books' }],
        webhooks: [],
        actors: ['anonymous', 'user'],
        roles: [],
      },
    ]);
  });

  test('derives the allow-list of each service from the calls of the others', () => {
    expect(buildGraph(samplePlatform).allow).toEqual({
      archive: { '/sample.archive.v1.ArchiveService/ReadEntry': ['door'] },
      door: {},
      shelf: {
        '/sample.shelf.v1.ShelfService/ImportBooks': ['filler'],
        '/sample.shelf.v1.ShelfService/ListBooks': ['door'],
      },
    });
  });

  test('gives topics with the services at both ends', () => {
    expect(buildGraph(samplePlatform).topics).toMatchObject([
      { name: 'shelf.events.v1', publishers: ['shelf'], consumers: ['archive'], partitions: 12 },
    ]);
  });

  test('reports all problems at once in one error', () => {
    const broken = withService('shelf', { name: 'Shelf', implemented: true });
    let thrown: unknown;
    try {
      buildGraph({ ...broken, trustDomain: 'Bad Domain', zones: broken.zones.slice(1) });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CodedError);
    const { code, problems, message } = thrown as CodedError;
    expect(code).toBe('GRAPH_INVALID');
    expect(problems.length).toBeGreaterThanOrEqual(3);
    for (const problem of problems) expect(message).toContain(problem);
  });
});
