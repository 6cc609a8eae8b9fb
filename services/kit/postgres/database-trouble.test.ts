import { describe, expect, test } from '@jest/globals';
import { databaseTrouble, endsSession } from './database-trouble.ts';
import type { DatabaseTrouble } from './database-trouble.ts';
import { APPENDIX_A } from './testing/appendix-a.ts';

/** Where the classes go that are not a defect of a statement, with the codes of each that go elsewhere. */
const EXPECTED: Readonly<
  Record<string, readonly [DatabaseTrouble, Readonly<Record<string, DatabaseTrouble>>?]>
> = {
  '08': ['away', { protocol_violation: 'defect' }],
  '25': [
    'defect',
    {
      read_only_sql_transaction: 'away',
      idle_in_transaction_session_timeout: 'slow',
      transaction_timeout: 'slow',
    },
  ],
  '28': ['away'],
  '3D': ['away'],
  '40': ['contended', { statement_completion_unknown: 'away' }],
  '53': ['away'],
  '55': ['defect', { object_in_use: 'contended', lock_not_available: 'contended' }],
  '57': ['away', { query_canceled: 'slow' }],
  '58': ['away'],
  '72': ['contended'],
  F0: ['away'],
  XX: ['away'],
};

/** The server's errors as pg gives them. */
const said = (code: string, told: object = {}): object => ({
  message: 'said by the server',
  severity: 'ERROR',
  code,
  ...told,
});

describe('an error of PostgreSQL', () => {
  test.each(Object.entries(APPENDIX_A))('of class %s goes where the class goes', (name, codes) => {
    const [whole, others = {}] = EXPECTED[name] ?? ['defect'];
    const found = Object.entries(codes).map(([code, condition]) => [
      condition,
      databaseTrouble(said(code)),
    ]);
    const wanted = Object.values(codes).map((condition) => [condition, others[condition] ?? whole]);
    expect(found).toEqual(wanted);
    for (const condition of Object.keys(others)) expect(Object.values(codes)).toContain(condition);
    expect(Object.keys(codes).filter((code) => !code.startsWith(name))).toEqual([]);
  });

  test('of a class that is not known is a defect, and so is one that PostgreSQL did not say', () => {
    expect(databaseTrouble(said('ZZ000'))).toBe('defect');
    for (const thrown of [new Error('oh'), 'oh', undefined, null, 42]) {
      expect(databaseTrouble(thrown)).toBe('defect');
      expect(endsSession(thrown)).toBe(false);
    }
  });

  test.each([
    [
      'a disk that turned read-only',
      '42501',
      { message: 'could not open file "base/1/2": Read-only' },
    ],
    ['a broken folder', '42809', { message: 'could not open directory "base": Not a directory' }],
    ['a server without transaction ids', '54000', { routine: 'GetNewTransactionId' }],
    ['a database that takes no connections', '55000', { severity: 'FATAL' }],
  ])('that is %s is told from the defect of that code', (_what, code, told) => {
    expect(databaseTrouble(said(code))).toBe('defect');
    expect(databaseTrouble(said(code, told))).toBe('away');
  });

  test('leaves the session of use unless the server ended it or is a standby', () => {
    expect(endsSession(said('23505'))).toBe(false);
    expect(endsSession(said('53100'))).toBe(false);
    expect(endsSession(said('25006'))).toBe(true);
    expect(endsSession(said('57P01', { severity: 'FATAL' }))).toBe(true);
  });
});

describe('an error of the connection', () => {
  const CODES = [
    ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'],
    ...['EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EMFILE'],
    ...['EADDRNOTAVAIL', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'ERR_STREAM_DESTROYED'],
  ];
  test.each(CODES)('with the code %s says that the database is away', (code) => {
    const error = Object.assign(new Error('no connection'), { code });
    expect(databaseTrouble(error)).toBe('away');
    expect(endsSession(error)).toBe(true);
  });

  const MESSAGES = [
    ...['timeout expired', 'timeout exceeded when trying to connect'],
    ...['Connection terminated unexpectedly', 'Connection terminated due to connection timeout'],
    ...['Client has encountered a connection error and is not queryable', 'Query read timeout'],
    ...['The server does not support SSL connections', 'Client was closed and is not queryable'],
  ];
  test.each(MESSAGES)('that says "%s" says so too', (message) => {
    expect(databaseTrouble(new Error(message))).toBe('away');
  });

  test.each(['ERR_TLS_CERT_ALTNAME_INVALID', 'SELF_SIGNED_CERT_IN_CHAIN', 'ENOENT', 'EACCES'])(
    'with the code %s is a defect: waiting for it fixes nothing',
    (code) => {
      expect(databaseTrouble(Object.assign(new Error('no'), { code }))).toBe('defect');
    },
  );
});
