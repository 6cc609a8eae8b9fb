import { describe, expect, test } from '@jest/globals';
import { addressOf, isInside, overlaps } from './ipv4-overlap.ts';

describe('networks', () => {
  test('overlap where one is in the other, and not where they only touch', () => {
    expect(overlaps('10.0.0.0/8', '10.64.0.0/16')).toBe(true);
    expect(overlaps('10.64.0.0/16', '10.0.0.0/8')).toBe(true);
    expect(overlaps('10.64.0.0/16', '10.65.0.0/16')).toBe(false);
    expect(overlaps('0.0.0.0/0', '255.255.255.255/32')).toBe(true);
  });

  test('are in another as a whole or not at all', () => {
    expect(isInside('172.31.0.0/16', '172.16.0.0/12')).toBe(true);
    expect(isInside('172.16.0.0/11', '172.16.0.0/12')).toBe(false);
    expect(isInside('172.32.0.0/16', '172.16.0.0/12')).toBe(false);
  });

  test('number their addresses, past the end of an octet too', () => {
    expect(addressOf('172.20.0.0/16', 1)).toBe('172.20.0.1');
    expect(addressOf('10.0.0.0/16', 256)).toBe('10.0.1.0');
    expect(addressOf('192.168.0.0/16', 65_535)).toBe('192.168.255.255');
  });
});
