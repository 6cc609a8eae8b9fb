import { describe, expect, test } from '@jest/globals';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';
import { sampleStack } from '../testing/sample-stack.ts';

const recordSample = () =>
  record(() => {
    declareSample();
  });

describe('Postgres on this machine', () => {
  test('is a server with a database, roles and a schema for each declared store', async () => {
    const recording = await recordSample();
    expect(recording.names('PostgresDatabase')).toEqual(['postgres-database-shelf']);
    expect(recording.names('PostgresRole')).toEqual([
      'postgres-role-monitor',
      'postgres-role-shelf',
      'postgres-role-shelf_owner',
    ]);
    expect(recording.resource('postgres-schema-shelf').inputs).toMatchObject({
      server: { zone: 'a', process: 'postgres', port: 20_002 },
      database: 'shelf',
      owner: 'shelf_owner',
      folder: 'services/shelf/migrations',
      digest: 'migrations-digest',
      serviceRoles: ['shelf'],
    });
  });

  test('comes up in order: agent, server, roles, databases, schemas', async () => {
    const recording = await recordSample();
    const order = [
      'zones-a',
      'postgres-server',
      'postgres-role-shelf_owner',
      'postgres-database-shelf',
      'postgres-schema-shelf',
    ];
    for (const [position, name] of order.slice(1).entries()) {
      expect([name, recording.waits(name, order[position] ?? '')]).toEqual([name, true]);
    }
  });

  test('publishes where it listens', async () => {
    await record(() => {
      const { postgres } = declareSample();
      expect([postgres.host, postgres.port]).toEqual(['127.0.1.2', 20_002]);
    });
  });
});

describe('the configuration of PostgreSQL', () => {
  const { files } = sampleStack().postgres.process;

  test('lets a service in with its certificate only, and only to its own database', () => {
    expect(files['pg_hba.conf']).toBe(
      [
        'local all postgres peer map=superuser',
        'hostssl shelf shelf 127.0.0.0/8 cert clientcert=verify-full map=service',
        // Who watches the server is let into what holds nothing of a service's.
        'hostssl postgres monitor 127.0.0.0/8 cert clientcert=verify-full map=service',
        'local all all reject',
        'host all all all reject',
        '',
      ].join('\n'),
    );
    expect(files['pg_ident.conf']).toContain('service shelf shelf\n');
  });

  test('knows no password and no plaintext', () => {
    const rules = files['pg_hba.conf'] ?? '';
    expect(rules).not.toMatch(/trust|password|md5|scram/);
    expect(rules).not.toMatch(/^host(nossl)? (?!all all all reject)/m);
  });

  test('speaks TLS 1.3 only, on the address of its zone', () => {
    expect(files['postgresql.conf']).toContain("ssl_min_protocol_version = 'TLSv1.3'\n");
    expect(files['postgresql.conf']).toContain("listen_addresses = '127.0.1.2'\n");
  });
});
