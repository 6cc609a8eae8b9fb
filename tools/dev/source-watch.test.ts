import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@meridian/provider-local/agent/testing/test-zone.ts';
import { SourceWatch } from './source-watch.ts';

let root: string;
let watch: SourceWatch;
let told: (readonly string[])[];

function write(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

/** What is told of the next changes, when something is. */
async function next(): Promise<readonly string[]> {
  await until('a change is told', () => told.length > 0);
  return told.splice(0).flat();
}

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-watch-'));
  told = [];
  write('services/web/main.ts', 'serve();');
  write('services/web/handlers/read.ts', 'read();');
  write('package.json', '{}');
  watch = new SourceWatch(root, ['services', 'package.json'], (files) => told.push(files));
});
afterEach(() => {
  watch.close();
  rmSync(root, { recursive: true, force: true });
});

describe('a watch of sources', () => {
  test('tells of a file that was written, and of one that was moved over another', async () => {
    write('services/web/main.ts', 'serve(1);');
    expect(await next()).toEqual(['services/web/main.ts']);
    // As editors save, with and without a copy of the old one.
    write('services/web/handlers/.read.ts.swp', 'read(1);');
    await next();
    renameSync(
      path.join(root, 'services/web/handlers/.read.ts.swp'),
      path.join(root, 'services/web/handlers/read.ts'),
    );
    expect(await next()).toEqual([
      'services/web/handlers/.read.ts.swp',
      'services/web/handlers/read.ts',
    ]);
  });

  test('tells of a single file that is replaced, and of one that is removed', async () => {
    write('package.json.new', '{"version":"2"}');
    renameSync(path.join(root, 'package.json.new'), path.join(root, 'package.json'));
    expect(await next()).toEqual(['package.json']);
    rmSync(path.join(root, 'services/web/handlers/read.ts'));
    expect(await next()).toEqual(['services/web/handlers/read.ts']);
  });

  test('tells of all that a checkout writes at once', async () => {
    const files = Array.from({ length: 200 }, (_, index) => `services/web/part-${index}.ts`);
    for (const file of files) write(file, 'part();');
    expect(await next()).toEqual([...files].sort());
    expect(told).toEqual([]);
  });

  test('tells of files in folders that are new', async () => {
    write('services/orders/contract/gen/orders_pb.js', 'orders();');
    expect(await next()).toContain('services/orders/contract/gen/orders_pb.js');
    write('services/orders/contract/gen/orders_pb.js', 'others();');
    expect(await next()).toEqual(['services/orders/contract/gen/orders_pb.js']);
  });

  test('tells nothing of a file that is touched, or written over with the same text', () => {
    utimesSync(path.join(root, 'services/web/main.ts'), 1, 1);
    write('services/web/handlers/read.ts', 'read();');
    expect(watch.look()).toEqual([]);
    write('services/web/main.ts', 'serve(2);');
    // Whoever looks is told, and nobody else.
    expect(watch.look()).toEqual(['services/web/main.ts']);
    expect(watch.look()).toEqual([]);
  });

  test('goes by content, not by time', () => {
    utimesSync(path.join(root, 'services/web/main.ts'), 1, 1);
    expect(watch.look()).toEqual([]);
    write('services/web/main.ts', 'SERVE();');
    utimesSync(path.join(root, 'services/web/main.ts'), 1, 1);
    expect(watch.look()).toEqual(['services/web/main.ts']);
  });
});
