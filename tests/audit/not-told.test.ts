import { create, ScalarType } from '@bufbuild/protobuf';
import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { describe, expect, test } from '@jest/globals';
import { AGGREGATE_KINDS } from '@meridian/audit/reconciliation/aggregates.ts';
import { differencesOf, untoldFields } from '@meridian/audit/reconciliation/differences.ts';
import { UNTOLD_FIELDS, UNTOLD_TABLES } from '@meridian/audit/reconciliation/not-told.ts';
import { databaseGrants } from '@meridian/components/model/grants.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { AccountSchema } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { expectDrawn } from '@meridian/kit/testing/drawn-document.ts';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { tablesOf } from '../retention/tables-of.ts';

/** What the services show of their aggregates. */
const SHOWN: readonly DescMessage[] = [AccountSchema, ...AGGREGATE_KINDS.map(({ state }) => state)];

/** A message with another value of one field than the empty one has. */
function withOther(schema: DescMessage, field: DescField): Message {
  const message = create(schema);
  const fields = reflect(schema, message);
  switch (field.fieldKind) {
    case 'list':
      fields
        .get(field)
        .add(field.listKind === 'message' ? reflect(field.message, create(field.message)) : 'x');
      break;
    case 'map':
      fields.get(field).set('x', 'x');
      break;
    case 'message':
      fields.set(field, reflect(field.message, create(field.message)));
      break;
    case 'enum':
      fields.set(field, 1);
      break;
    case 'scalar':
      fields.set(field, OTHER[field.scalar] ?? 'x');
  }
  return message;
}

const OTHER: Readonly<Partial<Record<ScalarType, unknown>>> = {
  [ScalarType.INT32]: 1,
  [ScalarType.INT64]: 1n,
};

describe('of what a service shows of an aggregate', () => {
  const cases = AGGREGATE_KINDS.flatMap(({ name, state }) =>
    state.fields
      .filter((field) => !untoldFields(state).has(field.name))
      .map((field): [string, DescMessage, DescField] => [`${name}: ${field.name}`, state, field]),
  );
  test.each(cases)('%s is compared', (_name, schema, field) => {
    const found = differencesOf(schema, withOther(schema, field), create(schema));
    expect(found.map((each) => each.field.replace(/[[.].*/, ''))).toEqual([field.jsonName]);
  });

  test('every field is compared, or the table says why not', () => {
    const compared = new Set(
      AGGREGATE_KINDS.flatMap(({ service, state }) =>
        state.fields.map(({ name }) => `${service} ${name}`),
      ),
    );
    const unsaid = SHOWN.flatMap((schema) => {
      const service = schema.file.proto.package.split('.')[1] ?? '';
      return schema.fields
        .filter(
          ({ name }) => !untoldFields(schema).has(name) && !compared.has(`${service} ${name}`),
        )
        .map(({ name }) => `${schema.name}.${name}`);
    });
    expect(unsaid).toEqual([]);
    for (const { message, fields } of UNTOLD_FIELDS) {
      const schema = SHOWN.find(({ name }) => name === message);
      expect(schema?.fields.map(({ name }) => name)).toEqual(expect.arrayContaining([...fields]));
    }
  });
});

test('every table of a service that tells what it does keeps an aggregate, or the table says why not', () => {
  const graph = landed(platform(localSettings({})));
  const told = new Set(AGGREGATE_KINDS.map(({ service }) => service));
  const tables = databaseGrants(graph)
    .filter(({ database }) => told.has(database))
    .flatMap(({ database, migrations }) =>
      tablesOf(migrations).map((table) => `${database} ${table}`),
    );
  const said = [...AGGREGATE_KINDS, ...UNTOLD_TABLES].flatMap((each) =>
    (each.service === '*' ? [...told] : [each.service]).flatMap((service) =>
      each.tables.map((table) => `${service} ${table}`),
    ),
  );
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter((table) => !said.includes(table))).toEqual([]);
  const known = new Set(tables.map((table) => table.split(' ')[1]));
  expect(UNTOLD_TABLES.flatMap((each) => each.tables).filter((table) => !known.has(table))).toEqual(
    [],
  );
});

test('docs/audit.md shows what is not compared', () => {
  const rows = [
    ...UNTOLD_FIELDS.map(({ service, message, fields, because }) => [
      service,
      fields.map((field) => `\`${message}.${field}\``).join(', '),
      because,
    ]),
    ...UNTOLD_TABLES.map(({ service, tables, because }) => [
      service === '*' ? 'all' : service,
      `table${tables.length > 1 ? 's' : ''} ${tables.map((table) => `\`${table}\``).join(', ')}`,
      because,
    ]),
  ];
  const markers = ['<!-- not told: drawn by tests/audit -->', '<!-- end of not told -->'] as const;
  expectDrawn(
    'docs/audit.md',
    markers,
    markdownTable(['service', 'what is not compared', 'because'], rows),
  );
});
