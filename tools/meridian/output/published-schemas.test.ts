import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { commands } from '../../bootstrap/commands.mjs';
import { programFolder } from '../places.ts';
import { publishedSchemas, SCHEMAS_FOLDER } from './published-schemas.ts';
import { outputs } from './schemas.ts';
import { outputProblems } from './testing/output-problems.ts';

test("the published schemas are those of the program (else 'npm run generate')", () => {
  const folder = path.join(programFolder, SCHEMAS_FOLDER);
  const published = readdirSync(folder).map((name) => [
    name,
    readFileSync(path.join(folder, name), 'utf8'),
  ]);
  expect(Object.fromEntries(published)).toEqual(publishedSchemas());
});

test('every command that prints JSON has a schema, and no other has one', () => {
  const withJson = commands.filter(({ flags }) => flags?.some((flag) => flag.flags === '--json'));
  expect(withJson.map(({ name }) => name).toSorted()).toEqual(Object.keys(outputs).toSorted());
});

test('a key that no schema has, or one that is missing, is a problem of the output', () => {
  expect(outputProblems('stop', '{"stopped": ["a"]}')).toBe('');
  expect(outputProblems('stop', '{"stopped": ["a"], "more": 1}')).toMatch(/additional/);
  expect(outputProblems('logs', '{"process": "a", "line": ""}\n{"process": "a"}\n')).toMatch(
    /line/,
  );
  const trace = { id: 'order', traces: [] };
  expect(outputProblems('trace', JSON.stringify(trace, undefined, 2))).toBe('');
});

/** JSON Schema Validation, draft 2020-12, section 7.3. */
const FORMATS = [
  ...['date-time', 'date', 'time', 'duration', 'email', 'idn-email', 'hostname', 'idn-hostname'],
  ...['ipv4', 'ipv6', 'uri', 'uri-reference', 'iri', 'iri-reference', 'uuid', 'uri-template'],
  ...['json-pointer', 'relative-json-pointer', 'regex'],
];

test.each(Object.entries(publishedSchemas()))(
  '%s has the formats of JSON Schema alone',
  (_, text) => {
    const formats = [...text.matchAll(/"format": "([^"]+)"/g)].map(([, format]) => format);
    expect(formats.filter((format) => !FORMATS.includes(format ?? ''))).toEqual([]);
  },
);
