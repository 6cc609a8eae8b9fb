import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Bindings } from './bindings.ts';
import { readKafkaBinding } from './kafka/binding.ts';
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
    for (const [key, value] of Object.entries(postgres)) {
      if (key === 'tls-folder') continue;
      put(`managed/${key}`, value);
      put(`nobody/${key}`, value);
    }
    put('managed/password-file', 'bindings/managed/password');
    put('managed/ca-file', 'bindings/managed/ca.crt');
    const brokers = 'b-1.example:9098,b-2.example:9098';
    for (const name of ['by-role', 'by-role-of-nowhere', 'by-nobody', 'by-word']) {
      put(`${name}/kafka/type`, 'kafka');
      put(`${name}/kafka/bootstrap-servers`, brokers);
    }
    put('by-role/kafka/mechanism', 'iam');
    put('by-role/kafka/region', 'us-east-1');
    put('by-role-of-nowhere/kafka/mechanism', 'iam');
    put('by-word/kafka/mechanism', 'scram');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  function put(path: string, content: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  test('are read property by property, without the newline at the end', () => {
    const bindings = new Bindings(root);
    expect(bindings.names()).toEqual([
      ...['by-nobody', 'by-role', 'by-role-of-nowhere', 'by-word'],
      ...['catalog', 'catalog-postgres', 'managed', 'nobody', 'weak'],
    ]);
    const binding = bindings.get('catalog', 'grpc');
    expect(binding.provider).toBe('meridian');
    expect(binding.property('uri')).toBe('addresses:catalog/addresses');
    expect(binding.optionalProperty('preview-uri')).toBeUndefined();
  });

  test('that are absent, of another type or incomplete are refused by file', () => {
    const bindings = new Bindings(root);
    expect(bindings.has('search')).toBe(false);
    expect(() => bindings.get('search', 'grpc')).toThrow(
      `Binding 'search': no file ${root}/search/type; there are bindings for by-nobody, by-role, by-role-of-nowhere, by-word, catalog, catalog-postgres, managed, nobody, weak`,
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
      tls: { tlsFolder: '/self/postgres-tls', tlsFolderName: 'postgres-tls' },
    });
    expect(() => readPostgresBinding(bindings, 'weak', '/self')).toThrow(
      "sslmode must be 'verify-full', got 'require'",
    );
  });

  test('of a database may have a password in place of a certificate, and one of them', () => {
    const bindings = new Bindings(root);
    expect(readPostgresBinding(bindings, 'managed', '/self')).toMatchObject({
      tls: { caFile: '/self/bindings/managed/ca.crt' },
      passwordFile: '/self/bindings/managed/password',
    });
    expect(() => readPostgresBinding(bindings, 'nobody', '/self')).toThrow(
      "Binding 'nobody': must have tls-folder or password-file, got neither",
    );
  });

  test('of Kafka have a certificate, or a role of AWS with its region', () => {
    const of = (name: string) => readKafkaBinding(new Bindings(join(root, name)), '/self');
    expect(of('by-role')).toEqual({
      bootstrapServers: ['b-1.example:9098', 'b-2.example:9098'],
      tls: {},
      iamRegion: 'us-east-1',
    });
    expect(() => of('by-nobody')).toThrow("Binding 'kafka': must have tls-folder or mechanism");
    expect(() => of('by-role-of-nowhere')).toThrow('a region beside mechanism');
    expect(() => of('by-word')).toThrow("mechanism must be 'iam', got 'scram'");
  });
});
