import { beforeAll, describe, expect, test } from '@jest/globals';
import { create, setExtension } from '@bufbuild/protobuf';
import { MethodOptionsSchema } from '@bufbuild/protobuf/wkt';
import { refused_by_state } from '@meridian/kit/contract/gen/meridian/type/v1/method_options_pb.js';
import { PUBLIC_SERVICES } from '../gen/public-contracts.ts';
import { PROBLEMS } from '../problem/catalogue.ts';
import { loadFixture } from '../testing/fixture.ts';
import { accessTo } from '../token/access-table.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';
import { buildRouteTable } from '../transcode/route-table.ts';
import { declaredAccess } from './generate.ts';
import { OF_NO_OPERATION, problemResponses, stateProblems } from './problem-responses.ts';

const token = { anonymous: false, roles: [] };

describe('the kinds of problems', () => {
  const kinds = new Set<string>();
  beforeAll(() => {
    const access = declaredAccess();
    const { bindings } = buildRouteTable(PUBLIC_SERVICES.map(([, contract]) => contract));
    for (const binding of bindings) {
      const text = JSON.stringify(problemResponses(binding, accessTo(access, binding.method)));
      for (const [, kind = ''] of text.matchAll(/`([a-z-]+)`:/g)) kinds.add(kind);
      for (const kind of stateProblems(binding, accessTo(access, binding.method))) kinds.add(kind);
    }
  });

  test('that are about the state are each named by an operation, or by none and listed so', () => {
    const silent: readonly string[] = OF_NO_OPERATION;
    const open = [...kinds].filter((kind) => silent.includes(kind));
    expect(open).toEqual([]);
    const conflicts = Object.entries(PROBLEMS).filter(([, { status }]) => status === 409);
    const named = conflicts.map(([name]) => name).filter((name) => !silent.includes(name));
    expect([...kinds]).toEqual(expect.arrayContaining(named));
  });
});

describe('an operation', () => {
  let update: HttpBinding;
  beforeAll(async () => {
    const { routes } = await loadFixture();
    const found = routes.bindings.find(({ method }) => method.name === 'UpdateThing');
    if (found === undefined) throw new Error('The fixture lacks UpdateThing');
    update = found;
  });

  const naming = (...names: readonly string[]): HttpBinding => {
    const options = create(MethodOptionsSchema);
    setExtension(options, refused_by_state, [...names]);
    const { method } = update;
    return { ...update, method: { ...method, proto: { ...method.proto, options } } };
  };

  test('lists what its contract names and what keys and versions bring, under their statuses', () => {
    const binding = naming('already-exists', 'unauthenticated');
    expect(stateProblems(binding, token)).toEqual(
      expect.arrayContaining(['unauthenticated', 'already-exists', 'aborted']),
    );
    expect(problemResponses(binding, token)).toMatchObject({
      401: { $ref: '#/components/responses/Unauthorized' },
      409: {
        description: expect.stringContaining('`already-exists`: The resource exists already.'),
        content: {
          'application/problem+json': {
            schema: {
              allOf: [
                expect.anything(),
                {
                  properties: {
                    type: {
                      enum: [
                        'https://meridian.example/problems/already-exists',
                        'https://meridian.example/problems/aborted',
                      ],
                    },
                    status: { const: 409 },
                  },
                },
              ],
            },
          },
        },
      },
    });
    expect(Object.keys(problemResponses(binding, token))).not.toContain('405');
  });

  test.each([
    'no-such-kind',
    'invalid-argument',
    'malformed-json',
    'internal',
    'cancelled',
    'failed-precondition',
  ])('cannot name %s, which does not say why the state of things forbids it', (name) => {
    expect(() => stateProblems(naming(name), token)).toThrow(
      /ThingService\.UpdateThing': \(meridian\.type\.v1\.refused_by_state\) must name kinds/,
    );
  });
});
