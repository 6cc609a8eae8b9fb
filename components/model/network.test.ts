import { describe, expect, test } from '@jest/globals';
import { hostAddress, networksOverlap, parseNetwork } from './network.ts';

describe('parseNetwork', () => {
  test('reads a network in CIDR notation', () => {
    expect(parseNetwork('127.0.2.0/24')).toEqual({ first: 0x7f000200, size: 256 });
    expect(parseNetwork('0.0.0.0/0')).toEqual({ first: 0, size: 2 ** 32 });
  });

  test.each(['127.0.2.1/24', '127.0.2.0', '127.0.256.0/24', '127.0.2.0/33', '::1/128', ''])(
    'refuses %p',
    (text) => {
      expect(parseNetwork(text)).toBeUndefined();
    },
  );
});

describe('networksOverlap', () => {
  const overlap = (left: string, right: string) => {
    const [first, second] = [parseNetwork(left), parseNetwork(right)];
    return first !== undefined && second !== undefined && networksOverlap(first, second);
  };

  test('sees a network inside another, from either side', () => {
    expect(overlap('10.0.0.0/8', '10.1.2.0/24')).toBe(true);
    expect(overlap('10.1.2.0/24', '10.0.0.0/8')).toBe(true);
  });

  test('lets neighbours be', () => {
    expect(overlap('10.0.0.0/24', '10.0.1.0/24')).toBe(false);
  });
});

describe('hostAddress', () => {
  test('counts from the first address of the network', () => {
    expect(hostAddress('127.0.2.0/24', 32)).toBe('127.0.2.32');
    expect(hostAddress('10.0.0.0/16', 258)).toBe('10.0.1.2');
  });

  test.each([0, 255, 256, -1, 1.5])('refuses host %p of a /24', (host) => {
    expect(() => hostAddress('127.0.2.0/24', host)).toThrow(RangeError);
  });
});
