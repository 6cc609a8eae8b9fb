import { describe, expect, test } from '@jest/globals';
import { ipv4Network } from './ipv4-network.ts';
import { stagingSettings } from './staging.ts';

describe('a network of a setting', () => {
  test.each([
    '0.0.0.0/0',
    '10.0.0.0/8',
    '192.0.2.0/24',
    '192.0.2.128/25',
    '203.0.113.7/32',
    '255.255.255.255/32',
    '128.0.0.0/1',
  ])('may be %s', (network) => {
    expect(ipv4Network.safeParse(network).success).toBe(true);
  });

  // Kubernetes 1.36 refuses a NetworkPolicy with one of the first six, older ones took them.
  test.each([
    ['another address than the first', '10.0.0.1/8'],
    ['another address than the first', '192.0.2.129/25'],
    ['an address of everybody', '0.0.0.1/0'],
    ['a zero in front', '010.0.0.0/8'],
    ['a zero in front', '10.00.0.0/8'],
    ['a zero in front of the length', '10.0.0.0/08'],
    ['no length', '10.0.0.0'],
    ['too long a length', '10.0.0.0/33'],
    ['three octets', '10.0.0/8'],
    ['an octet too many', '10.0.0.0.0/8'],
    ['an octet too large', '10.0.256.0/24'],
    ['IPv6', '2001:db8::/32'],
  ])('is not %s: %s', (_what, network) => {
    expect(ipv4Network.safeParse(network).success).toBe(false);
  });

  const networks = ['10.0.0.1/8'];
  const uri = 'https://bank.example';

  test.each([
    ['dns', { networks }],
    ['apiServer', { networks }],
    ['externals', { bank: { uri, networks } }],
    ['telemetryStore', { uri, region: 'eu-1', bucket: 'lines', networks }],
  ])('is held to that in %s, whose error says so', (key, value) => {
    expect(() => stagingSettings({ [key]: JSON.stringify(value) })).toThrow(
      /'meridian:\w+': must be .*each by its first address \(10\.0\.0\.0\/8, and not 10\.0\.0\.1\/8\).*got '.*10\.0\.0\.1\/8/,
    );
  });
});
