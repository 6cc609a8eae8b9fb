import { describe, expect, test } from '@jest/globals';
import { readPagerSettings, Trouble } from './trouble.ts';

const drawn = (settings: Readonly<Record<string, number>>) => {
  const trouble = new Trouble(readPagerSettings(settings));
  return Array.from({ length: 1_000 }, () => trouble.draw());
};

describe('what becomes of events', () => {
  test('follows from the seed, and some are not taken at first', () => {
    expect(drawn({ seed: 7 })).toEqual(drawn({ seed: 7 }));
    expect(drawn({ seed: 7 })).not.toEqual(drawn({ seed: 8 }));
    expect(new Set(drawn({}))).toEqual(new Set([429, 500, undefined]));
    expect(new Set(drawn({ throttledPercent: 0, failingPercent: 0 }))).toEqual(
      new Set([undefined]),
    );
  });

  test('is refused where it does not know a number or that is not a share', () => {
    expect(() =>
      readPagerSettings({ failPercent: 1, failingPercent: 101, heartbeatSeconds: 0 }),
    ).toThrow(
      "Behaviour of the stand-in: 'failPercent' must be one of throttledPercent, failingPercent, heartbeatSeconds, seed; failingPercent must be 0 to 100, got 101; heartbeatSeconds must be 1 or more, got 0",
    );
  });
});
