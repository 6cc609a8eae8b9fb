import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PINS_FILE } from '../../stacks/pins.ts';
import type { Pin } from '../../stacks/pins.ts';
import { recordDigests } from './record-digests.ts';

let clone = '';

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'meridian-digests-'));
  mkdirSync(path.join(clone, 'stacks'));
});

afterEach(() => {
  rmSync(clone, { recursive: true });
});

const image = (name: string, of: string, registry = 'prod.example'): Pin => ({
  ...{ kind: 'image', name, reference: `${registry}/${name}:1.0.0` },
  digest: `sha256:${of.repeat(64)}`,
});
const written = (): string => readFileSync(path.join(clone, PINS_FILE), 'utf8');

test('what is known takes the place of what was recorded of it, and nothing else is touched', () => {
  const others = [image('catalog', 'a', 'staging.example'), image('orders', 'b')];
  writeFileSync(path.join(clone, PINS_FILE), JSON.stringify([image('catalog', 'c'), ...others]));
  recordDigests(clone, [image('catalog', 'd')]);
  expect(JSON.parse(written())).toEqual([image('catalog', 'd'), ...others]);
});

test('a file that says so already stays to the byte, in whatever order it has', () => {
  const text = JSON.stringify([image('orders', 'b'), image('catalog', 'a')]);
  writeFileSync(path.join(clone, PINS_FILE), text);
  recordDigests(clone, [image('catalog', 'a')]);
  expect(written()).toBe(text);
});
