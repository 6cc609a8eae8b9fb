import { expect, test } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { textOf } from '../rules/promql.ts';
import { sampleAwsSettings } from '../../testing/sample-aws.ts';
import { originPullExpiries } from './origin-pull-expiries.ts';

test('each authority of Cloudflare has its own end in the rules, and none makes none', async () => {
  const authorities = await Promise.all([TestAuthority.create(), TestAuthority.create()]);
  const issued = await Promise.all(
    authorities.map((authority) => authority.issue({ dnsNames: ['cloudflare'] })),
  );
  const pems = issued.map(({ ca }) => ca);
  const { aws } = sampleAwsSettings;
  const expiries = (originPullAuthorities: readonly string[]) =>
    originPullExpiries({
      aws: { ...aws, cloudflare: { ...aws.cloudflare, originPullAuthorities } },
    });
  expect(expiries([])).toEqual([]);
  expect(expiries(pems).map(({ name, endsAt }) => [name, textOf(endsAt, 1)])).toEqual(
    pems.map((pem, place) => [
      `origin-pulls-${place + 1}`,
      `vector(${Date.parse(new X509Certificate(pem).validTo) / 1_000})`,
    ]),
  );
});
