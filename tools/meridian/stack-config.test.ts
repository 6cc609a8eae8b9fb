import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { configOf } from './stack-config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'meridian-settings-'));
const file = path.join(folder, 'Pulumi.sample.yaml');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['', {}],
  ['config:', {}],
  ['config:\n  meridian:host: shop.example\n', { 'meridian:host': 'shop.example' }],
])('reads %j', (text, settings) => {
  writeFileSync(file, text);
  expect(configOf(file)).toEqual(settings);
});

test.each([
  ['- meridian:host: shop.example\n', 'a list'],
  [
    'config:\n  - meridian:host: shop.example\n',
    'a list in place of the keys and values of config',
  ],
  ['config: shop.example\n', 'a string in place of the keys and values of config'],
])('refuses %j, which has no settings by their keys', (text, found) => {
  writeFileSync(file, text);
  expect(() => configOf(file)).toThrow(
    `File '${file}': must hold settings as YAML, got ${found}; put it right`,
  );
});
