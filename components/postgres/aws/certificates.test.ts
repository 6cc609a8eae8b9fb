import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { rdsAuthorities } from './certificates.ts';

test.each(['us-east-1', 'eu-central-1', 'ap-southeast-2'])(
  'there are authorities of RDS for the region %s, and of no other, that last',
  (region) => {
    const authorities = rdsAuthorities(region)
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((pem) => new X509Certificate(pem));
    expect(authorities.length).toBeGreaterThanOrEqual(3);
    for (const { subject, ca, validToDate } of authorities) {
      expect(subject).toContain(`CN=Amazon RDS ${region} Root CA`);
      expect([ca, validToDate.getFullYear() > 2_050]).toEqual([true, true]);
    }
  },
);
