import { describe, expect, test } from '@jest/globals';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { forgeKey } from '../testing/token-forge.ts';
import { KeySet } from './key-set.ts';
import type { KeySetOptions, PublicKey } from './key-set.ts';

const log = { warn: () => undefined } as unknown as Logger;
const [known, unknown] = [forgeKey().jwk, forgeKey().jwk];

/** A key set whose fetches are counted and answered by the test. */
function keySet(
  answer: () => Promise<readonly PublicKey[]>,
  options: Partial<KeySetOptions> = {},
): { readonly keys: KeySet; readonly asked: () => number } {
  let count = 0;
  const fetchKeys = (): Promise<readonly PublicKey[]> => {
    count++;
    return answer();
  };
  const defaults = { unknownKeyIntervalMs: 2_000, unknownKeyMemoryMs: 10_000 };
  return { keys: new KeySet({ log, fetchKeys, ...defaults, ...options }), asked: () => count };
}

describe('KeySet', () => {
  test('asks once for all who look at the same time', async () => {
    const { keys, asked } = keySet(() => Promise.resolve([known]));
    const found = await Promise.all([keys.find(known.kid), keys.find(known.kid), keys.refresh()]);
    expect(found[0]).toBeDefined();
    expect(found[1]).toBe(found[0]);
    expect(asked()).toBe(1);
  });

  test('does not look again for a key that was not there', async () => {
    const { keys, asked } = keySet(() => Promise.resolve([known]), { unknownKeyIntervalMs: 0 });
    expect(await keys.find(unknown.kid)).toBeUndefined();
    expect(await keys.find(unknown.kid)).toBeUndefined();
    expect(asked()).toBe(1);
  });

  test('looks again after a while', async () => {
    const { keys, asked } = keySet(() => Promise.resolve([known]), {
      unknownKeyIntervalMs: 0,
      unknownKeyMemoryMs: 0,
    });
    await keys.find(unknown.kid);
    await keys.find(unknown.kid);
    expect(asked()).toBe(2);
  });

  test('does not hold it against a key that identity could not be asked', async () => {
    const answers = [Promise.resolve([known]), Promise.reject(new Error('away'))];
    const { keys } = keySet(() => answers.shift() ?? Promise.resolve([known, unknown]), {
      unknownKeyIntervalMs: 0,
    });
    await keys.refresh();
    expect(await keys.find(unknown.kid)).toBeUndefined();
    expect(await keys.find(unknown.kid)).toBeDefined();
  });

  test('keeps what it knows when identity cannot be asked', async () => {
    const answers = [Promise.resolve([known])];
    const { keys } = keySet(() => answers.shift() ?? Promise.reject(new Error('away')));
    expect(keys.loaded).toBe(false);
    expect(await keys.refresh()).toBe(true);
    expect(await keys.refresh()).toBe(false);
    expect([keys.loaded, keys.has(known.kid), keys.has(unknown.kid)]).toEqual([true, true, false]);
  });
});
