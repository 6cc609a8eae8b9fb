import { describe, expect, test } from '@jest/globals';
import { resourceKinds, typeToken } from '@meridian/provider-local/resources/type-token.ts';
import { kindOf } from '../../meridian/rehearsal/restarts.ts';
import { RESTARTED_KINDS } from '../../meridian/rehearsal/restart-table.ts';
import { STAGING } from '../corpus/testing/staging-resources.ts';
import { KINDS } from './kind-table.ts';
import { LOCAL_KINDS } from './local-kinds.ts';
import { resourceFindings } from './resource-findings.ts';

describe('every kind', () => {
  test('that staging has is in the table', () => {
    const kinds = new Set(STAGING.map(({ type }) => kindOf(type)));
    expect(kinds.size).toBeGreaterThan(30);
    expect([...kinds].filter((kind) => KINDS[kind] === undefined)).toEqual([]);
  });

  test('that restarts something is in the table', () => {
    expect(Object.keys(RESTARTED_KINDS).filter((kind) => KINDS[kind] === undefined)).toEqual([]);
  });

  test('of this machine is in the table of these, and no other is', () => {
    expect(Object.keys(LOCAL_KINDS)).toEqual(
      resourceKinds.map((kind) => kindOf(typeToken(kind))).toSorted(),
    );
  });
});

describe('a resource of this machine', () => {
  const tellsOf = (kind: string, name: string, before: object, after: object) => {
    const type = `meridian-local:index:${kind}`;
    const urn = `urn:pulumi:local::meridian::${type}::${name}`;
    const [old, now] = [before, after].map((inputs) => ({ inputs: { ...inputs } }));
    return resourceFindings([
      {
        op: 'update',
        urn,
        type,
        ...(old === undefined ? {} : { old }),
        ...(now === undefined ? {} : { new: now }),
      },
    ]).map((finding) => finding.kind);
  };

  test.each<readonly [string, string, object, object, readonly string[]]>([
    ['KafkaTopic', 'orders', { retentionDays: 7 }, { retentionDays: 3 }, ['retention-cut']],
    ['KafkaTopic', 'orders', { partitions: 6 }, { partitions: 12 }, ['topic-changed']],
    [
      'KafkaAcl',
      'audit',
      { principal: 'audit', resource: 'topic', name: 'a', operations: ['Read'] },
      { principal: 'audit', resource: 'topic', name: 'a', operations: ['Read', 'Write'] },
      ['rights-added'],
    ],
    [
      'RedisUser',
      'gateway',
      { name: 'gateway', rules: ['~gateway:*', '+get'] },
      { name: 'gateway', rules: ['~*', '+get'] },
      ['rights-for-all', 'rights-removed'],
    ],
    ['RedisUser', 'gateway', { generation: 1 }, { generation: 2 }, ['secret-changed']],
    ['RootAuthority', 'root', { trustDomain: 'a' }, { trustDomain: 'b' }, ['trust-changed']],
    ['PostgresSchema', 'orders', { digest: 'a' }, { digest: 'b' }, ['migration-changed']],
    ['Process', 'postgres-a', { spec: { a: 1 } }, { spec: { a: 2 } }, ['engine-restarted']],
    ['Process', 'catalog-a', { spec: { a: 1 } }, { spec: { a: 2 } }, ['service-restarted']],
    ['Process', 'catalog-a', { nobodyKnows: 1 }, { nobodyKnows: 2 }, ['unknown-change']],
  ])('%s %s is told by what it does', (kind, name, before, after, kinds) => {
    expect(tellsOf(kind, name, before, after)).toEqual(kinds);
  });
});
