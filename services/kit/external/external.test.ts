import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { STAND_IN_FILE_VARIABLE } from '@meridian/language/stand-in-configuration.ts';
import type { StandInConfigurationFile } from '@meridian/language/stand-in-configuration.ts';
import { Bindings } from '../bindings.ts';
import { readExternalBinding } from './binding.ts';
import { readStandInConfiguration } from './stand-in-configuration.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-external-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe('a binding to a system outside the platform', () => {
  const properties = {
    type: 'external',
    uri: 'http://127.0.1.8:17008',
    'api-key-file': 'keys/api-key',
  };
  beforeAll(() => {
    for (const [key, value] of Object.entries(properties)) {
      put(`bindings/external-payment-provider/${key}`, value);
    }
  });
  const read = () =>
    readExternalBinding(new Bindings(join(folder, 'bindings')), 'payment-provider', folder);

  test('reads its secrets again at each use, the current one first', () => {
    put('keys/api-key', 'one\n');
    const { uri, secrets } = read();
    expect(uri).toBe('http://127.0.1.8:17008');
    expect(secrets('api-key')).toEqual(['one']);
    put('keys/api-key', 'two\none\n');
    expect(secrets('api-key')).toEqual(['two', 'one']);
  });

  test('names the file that holds no secret, and the secret that nobody declared', () => {
    put('keys/api-key', '\n');
    expect(() => read().secrets('api-key')).toThrow(/keys\/api-key must hold a secret/);
    rmSync(join(folder, 'keys/api-key'));
    expect(() => read().secrets('api-key')).toThrow(
      /keys\/api-key must hold a secret, got nothing/,
    );
    expect(() => read().secrets('webhook-secret')).toThrow(/must list 'webhook-secret'/);
  });
});

describe('the configuration of a stand-in', () => {
  const given: StandInConfigurationFile = {
    name: 'payment-provider-stand-in',
    listen: { address: '127.0.1.8', port: 17008 },
    dataFolder: '/data',
    secretFiles: { 'api-key': '/keys/api-key' },
    webhooks: { url: 'https://localhost:8443/v1/webhooks/payment-provider', caFile: 'tls/ca.crt' },
    behaviour: { declinePercent: 5 },
  };
  const read = (text: string) => {
    put('stand-in.json', text);
    return readStandInConfiguration({ [STAND_IN_FILE_VARIABLE]: join(folder, 'stand-in.json') });
  };

  test('is read as it is written', () => {
    expect(read(JSON.stringify(given))).toEqual(given);
  });

  test('is refused with every problem, and where it is not told', () => {
    expect(() => read(JSON.stringify({ ...given, dataFolder: '', name: 'X' }))).toThrow(
      /name: must be .*; dataFolder: must be/,
    );
    expect(() => read('{')).toThrow(/cannot be read/);
    expect(() => readStandInConfiguration({})).toThrow(/MERIDIAN_STAND_IN_FILE must name/);
  });
});
