import { describe, expect, test } from '@jest/globals';
import { parseAddressList } from './address-list.ts';

describe('an address list', () => {
  test('has an address a line, with comments and blank lines between', () => {
    const text = '# zone a\n127.0.1.16:17000\n\n  127.0.2.16:17000 # zone b\r\n[::1]:443\n';
    expect(parseAddressList(text)).toEqual([
      { host: '127.0.1.16', port: 17_000 },
      { host: '127.0.2.16', port: 17_000 },
      { host: '::1', port: 443 },
    ]);
  });

  test.each([
    '127.0.1.16',
    '127.0.1.16:',
    'catalog:17000',
    '127.0.1.16:70000',
    '127.0.1.16:0',
    '::1:80',
  ])('refuses %s and names its line', (line) => {
    expect(() => parseAddressList(`127.0.0.1:1\n${line}\n`)).toThrow(
      `line 2 must be an IP address and a port, got '${line}'`,
    );
  });
});
