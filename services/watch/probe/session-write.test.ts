import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EdgeAnswer, EdgeRequest } from './edge-client.ts';
import { SessionWrite } from './session-write.ts';

const account = { email: 'probe-b@meridian.invalid', password: 'p' };
const MINUTE_MS = 60_000;

describe('the write of a probe', () => {
  const asked: EdgeRequest[] = [];
  let now = 0;
  let opened = 0;
  let refreshed = 0;
  /** What is answered instead, by the path. */
  let trouble: Readonly<Record<string, number | 'nothing'>> = {};

  beforeEach(() => {
    asked.splice(0);
    [now, opened, refreshed, trouble] = [0, 0, 0, {}];
  });

  const answerOf = (status: number, body: object = {}): EdgeAnswer => ({
    status,
    headers: { 'ratelimit-policy': '' },
    text: JSON.stringify(body),
  });
  const tokens = () => ({
    tokens: {
      sessionId: `session-${opened}`,
      accessToken: `access-${opened}-${refreshed}`,
      refreshToken: `refresh-${opened}-${refreshed}`,
    },
  });
  const client = {
    send: (request: EdgeRequest): Promise<EdgeAnswer> => {
      asked.push(request);
      const instead = trouble[request.path];
      if (instead === 'nothing') return Promise.reject(new Error('no answer'));
      if (instead !== undefined) return Promise.resolve(answerOf(instead));
      if (request.path === '/v1/sessions') opened += 1;
      if (request.path === '/v1/sessions:refresh') refreshed += 1;
      return Promise.resolve(answerOf(200, tokens()));
    },
  };
  const write = () => new SessionWrite({ client, account: () => account, now: () => now });
  const paths = () => asked.map(({ method, path }) => `${method} ${path}`);
  const keys = () => asked.map(({ headers = {} }) => headers['idempotency-key']);

  test('signs in once, and then exchanges the token of that session, each under a key of its own', async () => {
    const session = write();
    const answers = [await session.write(), await session.write(), await session.write()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(paths()).toEqual([
      'POST /v1/sessions',
      'POST /v1/sessions:refresh',
      'POST /v1/sessions:refresh',
    ]);
    expect(asked.map(({ body }) => body)).toEqual([
      account,
      { refreshToken: 'refresh-1-0' },
      { refreshToken: 'refresh-1-1' },
    ]);
    expect(new Set(keys()).size).toBe(3);
  });

  test('registers its account the first time, and only then', async () => {
    const session = write();
    trouble = { '/v1/sessions': 401 };
    expect((await session.write()).status).toBe(401);
    expect((await session.write()).status).toBe(401);
    expect(paths()).toEqual([
      'POST /v1/sessions',
      'POST /v1/accounts',
      'POST /v1/sessions',
      'POST /v1/sessions',
    ]);
  });

  test('sends what was not answered again under its key, so that it happens once', async () => {
    const session = write();
    await session.write();
    trouble = { '/v1/sessions:refresh': 'nothing' };
    await expect(session.write()).rejects.toThrow('no answer');
    trouble = { '/v1/sessions:refresh': 503 };
    expect((await session.write()).status).toBe(503);
    trouble = {};
    expect((await session.write()).status).toBe(200);
    const [, ...refreshes] = asked;
    expect(refreshes.map(({ body }) => body)).toEqual(
      Array.from({ length: 3 }, () => ({ refreshToken: 'refresh-1-0' })),
    );
    expect(new Set(keys()).size).toBe(2);
  });

  test('leaves a session of which nobody knows whether it goes on, and ends it with the next', async () => {
    const session = write();
    await session.write();
    trouble = { '/v1/sessions:refresh': 'nothing' };
    await expect(session.write()).rejects.toThrow('no answer');
    now += 5 * MINUTE_MS;
    trouble = { '/v1/sessions/session-1': 503 };
    await session.write();
    trouble = {};
    await session.write();
    await session.write();
    expect(paths().slice(2)).toEqual([
      'POST /v1/sessions',
      'DELETE /v1/sessions/session-1',
      'POST /v1/sessions:refresh',
      'DELETE /v1/sessions/session-1',
      'POST /v1/sessions:refresh',
    ]);
    expect(asked.at(3)?.headers).toEqual({ authorization: 'Bearer access-2-0' });
  });

  test('signs in again where its session was ended by somebody else', async () => {
    const session = write();
    await session.write();
    trouble = { '/v1/sessions:refresh': 401 };
    expect((await session.write()).status).toBe(200);
    expect(paths().slice(1)).toEqual(['POST /v1/sessions:refresh', 'POST /v1/sessions']);
  });

  test('clears up: its session ends after a day, and with the process', async () => {
    const session = write();
    await session.write();
    now += 24 * 60 * MINUTE_MS + 1;
    await session.write();
    await session.end(client);
    await session.end(client);
    expect(paths().slice(1)).toEqual([
      'POST /v1/sessions',
      'DELETE /v1/sessions/session-1',
      'DELETE /v1/sessions/session-2',
    ]);
  });

  test('says so where an answer has no tokens', async () => {
    trouble = { '/v1/sessions': 200 };
    await expect(write().write()).rejects.toThrow('no tokens');
  });
});
