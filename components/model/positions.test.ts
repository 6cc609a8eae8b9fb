import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { rememberPlace } from '@meridian/language/declared-place.ts';
import { buildGraph } from './build-graph.ts';
import { positionsOf } from './positions.ts';
import { serialiseGraph } from './serialise.ts';
import { defineTask } from './task.ts';
import { archive, door, filler, samplePlatform, shelf } from './testing/sample-platform.ts';

const root = path.dirname(path.dirname(import.meta.dirname));

/** The line of a position, which begins with the call that made the declaration. */
function lineAt(name: string): string {
  const { file = '', line = 0 } = positionsOf([shelf, archive, door, filler], root)[name] ?? {};
  return readFileSync(path.join(root, file), 'utf8').split('\n')[line - 1]?.trim() ?? '';
}

describe('the positions of declarations', () => {
  test.each([
    ['service shelf', 'export const shelf = defineService({'],
    ['task filler', 'export const filler = defineTask({'],
    [
      'store shelf-postgres',
      "stores: [postgres({ name: 'shelf', migrations: 'services/shelf/migrations' })],",
    ],
  ])('%s stands where it was called for', (name, text) => {
    expect(lineAt(name)).toBe(text);
  });

  test('a topic stands where it was declared, whoever publishes or consumes it', () => {
    expect(lineAt('topic shelf.events.v1')).toMatch(/^export const shelfEvents = topic\(/);
    expect(positionsOf([archive], root)['topic shelf.events.v1']).toEqual(
      positionsOf([shelf], root)['topic shelf.events.v1'],
    );
  });

  test('what is declared says the same without them', () => {
    const copies = samplePlatform.services.map((service) => ({ ...service }));
    expect(positionsOf(copies, root)).not.toHaveProperty(['service shelf']);
    expect(serialiseGraph(buildGraph({ ...samplePlatform, services: copies }))).toBe(
      serialiseGraph(buildGraph(samplePlatform)),
    );
  });

  test('a declaration that a function makes stands where that function calls for it', () => {
    const made = defineTask({ name: 'made', summary: 'Made', calls: [], entry: 'made.ts' });
    expect(positionsOf([made], root)['task made']?.file).toBe(
      path.relative(root, import.meta.filename),
    );
  });

  test('costs a start less than a millisecond for each', () => {
    const maker = (given: object): object => rememberPlace(given, maker);
    const began = process.hrtime.bigint();
    for (let made = 0; made < 1_000; made += 1) maker({});
    expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(1_000);
  });
});
