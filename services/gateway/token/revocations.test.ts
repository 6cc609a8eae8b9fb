import { describe, expect, jest, test } from '@jest/globals';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { REVOCATION_RESYNC_MS, Revocations } from './revocations.ts';
import type { RevocationPage } from './revocations.ts';

const log = { warn: () => undefined } as unknown as Logger;
const maxAgeMs = 60_000;
const page = (cursor: string, ...sessionIds: string[]): RevocationPage => ({
  cursor,
  revocations: sessionIds.map((sessionId) => ({ sessionId, expiryMs: Date.now() + 60_000 })),
});

describe('Revocations', () => {
  test('are read from the last cursor on, page by page', async () => {
    const asked: string[] = [];
    const pages: Readonly<Record<string, RevocationPage>> = {
      '': page('2', 'a', 'b'),
      2: page('3', 'c'),
      3: page('3'),
    };
    const revocations = new Revocations({
      log,
      maxAgeMs,
      fetchPage: (cursor) => {
        asked.push(cursor);
        return Promise.resolve(pages[cursor] ?? page(cursor));
      },
    });
    expect(revocations.fresh).toBe(false);
    await revocations.refresh();
    await revocations.refresh();
    expect(asked).toEqual(['', '2', '3', '3']);
    expect(['a', 'b', 'c', 'd'].map((id) => revocations.has(id))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(revocations.fresh).toBe(true);
  });

  test('are read again now and then, in case the cursor ran past one', async () => {
    let nowMs = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const asked: string[] = [];
    const revocations = new Revocations({
      log,
      maxAgeMs,
      fetchPage: (cursor) => {
        asked.push(cursor);
        return Promise.resolve(page('9'));
      },
    });
    await revocations.refresh();
    nowMs = REVOCATION_RESYNC_MS - 1;
    await revocations.refresh();
    nowMs = REVOCATION_RESYNC_MS;
    await revocations.refresh();
    clock.mockRestore();
    expect(asked).toEqual(['', '9', '']);
  });

  test('are forgotten when their tokens have expired anyway', async () => {
    const expired = [{ sessionId: 'old', expiryMs: Date.now() - 60_000 }];
    const recent = [{ sessionId: 'recent', expiryMs: Date.now() - 1_000 }];
    const pages = [{ cursor: '2', revocations: [...expired, ...recent] }];
    const revocations = new Revocations({
      log,
      maxAgeMs,
      fetchPage: () => Promise.resolve(pages.shift() ?? page('2')),
    });
    await revocations.refresh();
    // A token may be used for a few seconds after its end.
    expect([revocations.has('old'), revocations.has('recent')]).toEqual([false, true]);
  });

  test('are not fresh for ever', async () => {
    let nowMs = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const revocations = new Revocations({
      log,
      maxAgeMs: 1_000,
      fetchPage: () =>
        nowMs === 0 ? Promise.resolve(page('')) : Promise.reject(new Error('away')),
    });
    await revocations.refresh();
    nowMs = 1_000;
    await revocations.refresh();
    expect(revocations.fresh).toBe(true);
    nowMs = 1_001;
    expect(revocations.fresh).toBe(false);
    clock.mockRestore();
  });
});
