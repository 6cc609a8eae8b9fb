import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { PUBLIC_SERVICES } from '../gen/public-contracts.ts';
import { loadFixture } from '../testing/fixture.ts';
import { buildRouteTable } from '../transcode/route-table.ts';
import { accessTable } from '../token/access-table.ts';
import type { Comments } from './comments.ts';
import type { ExampleTable } from './examples.ts';
import { openApiDocument } from './document.ts';
import type { Schema } from './schemas.ts';
import { GENERATED_FOLDER, ROOT, declaredAccess, generateFiles } from './generate.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Record<string, unknown>[];
  readonly requestBody?: unknown;
  readonly security: readonly unknown[];
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

function readGenerated(name: string): Promise<string> {
  return readFile(join(ROOT, GENERATED_FOLDER, name), 'utf8');
}

function operations(document: Document): readonly (readonly [string, string, Operation])[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => [path, verb, operation] as const),
  );
}

/** Every object in a value, at any depth. */
function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof value !== 'object' || value === null) return [];
  return [{ ...value }, ...Object.values<unknown>({ ...value }).flatMap(objectsIn)];
}

/** Every value under a key, at any depth. */
function valuesOf(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries<unknown>({ ...value }).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...valuesOf(inner, key),
  ]);
}

describe('the committed files', () => {
  test.each(['openapi.json', 'comments.json', 'examples.json', 'public-contracts.ts'])(
    '%s is what the contracts generate; `npm run generate` writes it',
    async (name) => {
      expect(await readGenerated(name)).toBe((await generateFiles())[name]);
    },
  );

  test('a gateway with one service serves the same of it', async () => {
    const whole = JSON.parse(await readGenerated('openapi.json')) as Document;
    const comments = JSON.parse(await readGenerated('comments.json')) as Comments;
    const examples = JSON.parse(await readGenerated('examples.json')) as ExampleTable;
    const catalog = PUBLIC_SERVICES.filter(([name]) => name === 'catalog').map(([, each]) => each);
    const part = openApiDocument(
      buildRouteTable(catalog),
      comments,
      declaredAccess(),
      examples,
    ) as unknown as Document;
    const ofCatalog = Object.keys(whole.paths).filter((path) => path.startsWith('/v1/products'));
    expect(Object.keys(part.paths)).toEqual(ofCatalog);
    expect(ofCatalog).toContain('/v1/products/{productId}');
    expect(whole.paths).toMatchObject(part.paths);
    expect(whole.components.schemas).toMatchObject(part.components.schemas);
  });

  test('say which operations need a token, and what they answer without', async () => {
    const { paths, components } = JSON.parse(await readGenerated('openapi.json')) as Document;
    const list = paths['/v1/products']?.['get'];
    expect(list?.security).toEqual([{}, { accessToken: [] }]);
    const account = paths['/v1/accounts/{accountId}']?.['get'];
    expect(account?.security).toEqual([{ accessToken: [] }]);
    const order = paths['/v1/orders']?.['post'];
    expect(order?.security).toEqual([{ accessToken: ['customer'] }, { accessToken: ['merchant'] }]);
    expect(order?.responses['401']).toEqual({ $ref: '#/components/responses/Unauthorized' });
    expect(components).toMatchObject({
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    });
    // Open to everybody, by name: the reviewer of a change sees it here.
    const open = operations({ paths, components })
      .filter(([, , { security }]) => JSON.stringify(security).startsWith('[{}'))
      .map(([, , { operationId }]) => operationId);
    // Of the services whose openness was agreed on; another one says so in its own declaration.
    expect(open.filter((id) => /^(Catalog|Identity|Orders|Search)_/.test(id)).sort()).toEqual([
      'Catalog_GetProduct',
      'Catalog_ListProducts',
      'Identity_CreateAccount',
      'Identity_CreateSession',
      'Identity_ListKeys',
      'Identity_RefreshSession',
      'Search_SearchProducts',
      'Search_SuggestProducts',
    ]);
  });

  test('describe a product with its comments and types', async () => {
    const { components } = JSON.parse(await readGenerated('openapi.json')) as Document;
    expect(components.schemas['meridian.catalog.v1.Product']).toMatchObject({
      type: 'object',
      description: 'A product as shoppers see it.',
      properties: {
        sku: { type: 'string', description: "The merchant's own stock keeping unit, unique." },
        price: { $ref: '#/components/schemas/meridian.type.v1.Money' },
        stock: { type: 'integer', format: 'int32' },
        attributes: { type: 'object', additionalProperties: { type: 'string' } },
        createTime: { type: 'string', format: 'date-time' },
        version: { type: 'string', format: 'int64' },
      },
    });
  });
});

describe.each(['the public API', 'the fixture'])('the structure of %s', (which) => {
  let document: Document;
  beforeAll(async () => {
    document =
      which === 'the fixture'
        ? (openApiDocument((await loadFixture()).routes, {}, new Map()) as unknown as Document)
        : (JSON.parse(await readGenerated('openapi.json')) as Document);
  });

  test('a text says that it has no NUL, which is refused in all of them', () => {
    const texts = objectsIn(document).filter(
      (schema) =>
        schema['type'] === 'string' && !('enum' in schema) && !('contentEncoding' in schema),
    );
    expect(texts.length).toBeGreaterThan(10);
    for (const { pattern, format, ...text } of texts) {
      if (format === 'date-time' || 'const' in text) continue;
      expect([pattern, new RegExp(String(pattern), 'u').test('a\0b')]).toEqual([pattern, false]);
    }
  });

  test('no two members of a oneof fit together, whatever is given beside them', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const { oneOf } of objectsIn(document)) {
      const members = Array.isArray(oneOf) ? (oneOf as readonly Schema[]) : [];
      const names = members.flatMap(({ required }) => (required ?? []) as readonly string[]);
      for (const given of names.length === 0 ? [] : ['given', '']) {
        const all = Object.fromEntries(names.map((name) => [name, given]));
        expect([all, ajv.validate({ oneOf }, all)]).toEqual([all, false]);
      }
    }
  });

  test('every reference leads somewhere', () => {
    for (const reference of valuesOf(document, '$ref')) {
      const found = String(reference)
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect([reference, found]).toEqual([reference, expect.anything()]);
    }
  });

  test('every component can be reached, and has a name that OpenAPI allows', () => {
    const used = new Set(valuesOf(document, '$ref'));
    for (const name of Object.keys(document.components.schemas)) {
      expect(name).toMatch(/^[a-zA-Z0-9.\-_]+$/);
      expect(used).toContain(`#/components/schemas/${name}`);
    }
  });

  test('operation ids are unique, and each has a summary, a success and problems', () => {
    const all = operations(document).map(([, , operation]) => operation);
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
    for (const { responses, summary, operationId } of all) {
      expect([operationId, summary]).toEqual([operationId, expect.stringMatching(/./)]);
      const isWebhook = operationId.endsWith('Webhook');
      const problems = isWebhook
        ? ['4XX', '5XX']
        : ['400', '401', '403', '429', '500', '503', '504'];
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(problems));
      expect(Object.keys(responses).filter((status) => /^20[01]$/.test(status))).toHaveLength(1);
    }
  });

  test('the parameters of a path are those in its template, each once', () => {
    for (const [path, , { parameters }] of operations(document)) {
      const inPath = parameters.filter((each) => each['in'] === 'path');
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(inPath.map(({ name }) => name)).toEqual(names);
      expect(inPath.every(({ required }) => required === true)).toBe(true);
      const keys = parameters.map(({ in: where, name, $ref }) =>
        JSON.stringify([where, name, $ref]),
      );
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test('paths differ by more than the names of their parameters', () => {
    const shapes = Object.keys(document.paths).map((path) => path.replace(/\{[^}]+\}/g, '{}'));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  test('only verbs with a body have one', () => {
    for (const [, verb, { requestBody }] of operations(document)) {
      if (requestBody !== undefined) expect(['post', 'put', 'patch']).toContain(verb);
    }
  });
});

describe('the fixture in OpenAPI', () => {
  test('names the roles of an operation, and offers an idempotency key to writes', async () => {
    const { routes } = await loadFixture();
    const access = accessTable({
      '/meridian.fixture.v1.ThingService/CreateThing': { actors: ['user'], roles: ['a', 'b'] },
    });
    const { paths } = openApiDocument(routes, {}, access) as unknown as Document;
    const create = paths['/v1/things']?.['post'];
    expect(create?.security).toEqual([{ accessToken: ['a'] }, { accessToken: ['b'] }]);
    const key = { $ref: '#/components/parameters/IdempotencyKey' };
    expect(create?.parameters).toContainEqual(key);
    // Nothing would tell one of its callers from another.
    const open = accessTable({
      '/meridian.fixture.v1.ThingService/CreateThing': { actors: ['user', 'anonymous'], roles: [] },
    });
    const opened = openApiDocument(routes, {}, open) as unknown as Document;
    expect(opened.paths['/v1/things']?.['post']?.parameters).not.toContainEqual(key);
    // What nothing is said of is for those with a token.
    expect(paths['/v1/things']?.['get']?.security).toEqual([{ accessToken: [] }]);
  });

  test('names the wildcards of a resource name apart', async () => {
    const { paths } = openApiDocument(
      (await loadFixture()).routes,
      {},
      new Map(),
    ) as unknown as Document;
    expect(Object.keys(paths)).toEqual([
      '/v1/files/{path}',
      '/v1/origins/{origin.country}/things/{thingId}',
      '/v1/shelves/{name_1}/boxes/{name_2}/things',
      '/v1/things',
      '/v1/things/latest',
      '/v1/things/{thingId}',
      '/v1/things/{thingId}/tags',
      '/v1/things/{thingId}:archive',
      '/v1/webhooks/{sender}',
    ]);
    const names = paths['/v1/things']?.['get']?.parameters.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'pageSize',
        'filter.name',
        'filter.origin.year',
        'since',
        'archived',
      ]),
    );
    expect(names).not.toContain('labels');
  });
});
