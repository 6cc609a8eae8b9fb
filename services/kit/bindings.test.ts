import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Bindings } from './bindings.ts';
import { readPostgresBinding } from './postgres/binding.ts';

describe('bindings', () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'meridian-bindings-'));
    put('catalog/type', 'grpc\n');
    put('catalog/provider', 'meridian');
    put('catalog/uri', 'addresses:catalog/addresses\n');
    put('catalog/spiffe-id', '');
    const postgres = {
      type: 'postgresql',
      host: '127.0.1.2',
      port: '17002',
      database: 'catalog',
      username: 'catalog',
      sslmode: 'verify-full',
      'tls-folder': 'postgres-tls',
    };
    for (const [key, value] of Object.entries(postgres)) put(`catalog-postgres/${key}`, value);
    for (const [key, value] of Object.entries(postgres)) put(`weak/${key}`, value);
    put('weak/sslmode', 'require');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  function put(path: string, content: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  test('are read property by property, without the newline at the end', () => {
    const bindings = new Bindings(root);
    expect(bindings.names()).toEqual(['catalog', 'catalog-postgres', 'weak']);
    const binding = bindings.get('catalog', 'grpc');
    expect(binding.provider).toBe('meridian');
    expect(binding.property('uri')).toBe('addresses:catalog/addresses');
    expect(binding.optionalProperty('preview-uri')).toBeUndefined();
  });

  test('that are absent, of another type or incomplete are refused by file', () => {
    const bindings = new Bindings(root);
    expect(bindings.has('search')).toBe(false);
    expect(() => bindings.get('search', 'grpc')).toThrow(
      `Binding 'search': no file ${root}/search/type; there are bindings for catalog, catalog-postgres, weak`,
    );
    expect(() => bindings.get('catalog', 'kafka')).toThrow("type must be 'kafka', got 'grpc'");
    expect(() => bindings.get('catalog', 'grpc').property('spiffe-id')).toThrow(
      `${root}/catalog/spiffe-id must hold a value, got nothing`,
    );
    expect(new Bindings(join(root, 'nowhere')).names()).toEqual([]);
  });

  test('of a database are complete, and nothing weaker than verify-full is taken', () => {
    const bindings = new Bindings(root);
    expect(readPostgresBinding(bindings, 'catalog-postgres', '/self')).toEqual({
      name: 'catalog-postgres',
      host: '127.0.1.2',
      port: 17_002,
      database: 'catalog',
      username: 'catalog',
      tlsFolder: '/self/postgres-tls',
    });
    expect(() => readPostgresBinding(bindings, 'weak', '/self')).toThrow(
      "sslmode must be 'verify-full', got 'require'",
    );
  });
});
