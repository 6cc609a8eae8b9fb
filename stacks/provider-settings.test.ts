import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import {
  PROVIDER_SETTINGS,
  readByProgram,
  refuseUnknownProviderSettings,
} from './provider-settings.ts';

test('knows what the installed provider knows', () => {
  const file = fileURLToPath(import.meta.resolve('@pulumi/kubernetes/provider.d.ts'));
  const declared = readFileSync(file, 'utf8').matchAll(/^ {4}(\w+)\?: pulumi\.Input</gm);
  expect([...declared].map(([, name]) => name)).toEqual(PROVIDER_SETTINGS);
});

test('refuses a misspelt setting of the provider, and leaves those of others alone', () => {
  const keys = ['meridian:host', 'kubernetes:context', 'aws:regoin'];
  expect(() => {
    refuseUnknownProviderSettings('staging', keys);
  }).not.toThrow();
  expect(() => {
    refuseUnknownProviderSettings('staging', [...keys, 'kubernetes:contxt']);
  }).toThrow(
    /^Setting 'kubernetes:contxt': must be one of 'alwaysRender', .*, got 'contxt'; did you mean 'context'\? rename or remove it in Pulumi\.staging\.yaml \(pulumi config rm kubernetes:contxt\)$/,
  );
});

test('gives the program its own settings, and those of providers that it reads too', () => {
  const all = { 'meridian:host': 'a', 'aws:region': 'b', 'aws:profile': 'c', 'other:host': 'd' };
  expect(readByProgram(all, 'meridian')).toEqual({ host: 'a', 'aws:region': 'b' });
});
