import { describe, expect, test } from '@jest/globals';
import { buildGraph } from './build-graph.ts';
import { external } from './external.ts';
import { webhookPath } from './external-nodes.ts';
import { landed } from './landed.ts';
import { binder, platformWithExternal } from './testing/sample-external.ts';
import { archive, samplePlatform, shelf } from './testing/sample-platform.ts';

describe('a system outside the platform', () => {
  test('is in the graph once, with its users and where it sends webhooks', () => {
    const graph = buildGraph(platformWithExternal());
    expect(graph.externals).toEqual([
      {
        name: 'binder',
        summary: 'Binds books',
        secrets: ['api-key', 'webhook-secret'],
        parameters: [],
        standIn: { entry: 'services/shelf/binder-stand-in/main.ts', slot: 1 },
        users: ['shelf'],
      },
    ]);
    const [node] = graph.externals;
    expect(node && webhookPath(graph, node)).toBe('/v1/webhooks/binder');
    expect(node && webhookPath(graph, { ...node, secrets: ['api-key'] })).toBeUndefined();
  });

  test('is landed with a user that has code', () => {
    const { externals } = landed(buildGraph(platformWithExternal({ implemented: false })));
    expect(externals).toEqual([]);
    expect(landed(buildGraph(platformWithExternal())).externals).toHaveLength(1);
  });

  const { standIn } = binder;
  test.each([
    [{ name: 'Binder' }, /External 'Binder': name must be 1 to 23 lower-case letters/],
    [{ name: 'a'.repeat(24) }, /name must be 1 to 23 .* got 24 characters/],
    [
      { secrets: ['api-key', 'api-key'] as const },
      /External 'binder': secrets must name each once, got 'api-key', 'api-key'/,
    ],
    [
      { standIn: { ...standIn, entry: 'services/archive/main.ts' } },
      /External 'binder': standIn.entry must be a TypeScript file below services\/shelf\/, .*got 'services\/archive\/main.ts'/,
    ],
    [
      { standIn: { ...standIn, slot: 4 } },
      /External 'binder': standIn.slot must be 0 to 3, got 4; set it in services\/shelf\/service.ts/,
    ],
  ])('is refused as %j', (change, message) => {
    const externals = [external({ ...binder, ...change })];
    expect(() => buildGraph(platformWithExternal({ externals }))).toThrow(message);
  });

  test('is refused with a secret for webhooks that nobody receives', () => {
    const services = samplePlatform.services.map((service) =>
      service.name === shelf.name ? { ...service, externals: [binder] } : service,
    );
    expect(() => buildGraph({ ...samplePlatform, services })).toThrow(
      /External 'binder': it must have no 'webhook-secret', as no method of its service takes webhooks/,
    );
  });

  test('is refused beside another of its name or place, and where a service has a name that it needs', () => {
    const twin = external({ ...binder });
    const neighbour = external({ ...binder, name: 'printer' });
    expect(() => buildGraph(platformWithExternal({ externals: [binder, twin] }))).toThrow(
      /External 'binder': names of systems outside the platform must be unique, got 2 of them/,
    );
    expect(() => buildGraph(platformWithExternal({ externals: [binder, neighbour] }))).toThrow(
      /Slot '1' of stand-ins: must be of one external, .* got 'binder', 'printer'/,
    );
    const platform = platformWithExternal();
    const services = [...platform.services, { ...archive, name: 'binder-stand-in', slot: 9 }];
    expect(() => buildGraph({ ...platform, services })).toThrow(
      /Name 'binder-stand-in': what stands in for a system outside the platform, .* got 2 of them/,
    );
  });
});
