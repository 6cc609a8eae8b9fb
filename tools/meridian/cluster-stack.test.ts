import { expect, test } from '@jest/globals';
import { clusterStack } from './cluster-stack.ts';

test.each([
  ['meridian:host', '{"secure":"v1:7Pm6:J1QD"}'],
  ['meridian:externals', '{"bank":{"uri":{"secure":"v1:7Pm6:J1QD"}}}'],
])('refuses %s where it is kept as a secret, and says where secrets belong', async (key, value) => {
  await expect(clusterStack('staging', { [key]: value })).rejects.toThrow(
    `Setting '${key}': must be plain text, as what is secret belongs into a Secret of the cluster (docs/deploying.md names them), got one that is kept as a secret; set it again in Pulumi.staging.yaml without --secret`,
  );
});

test("leaves secrets of other programs to them, such as Pulumi's provider", async () => {
  const settings = { 'kubernetes:kubeconfig': '{"secure":"v1:7Pm6:J1QD"}', 'meridian:host': '-' };
  await expect(clusterStack('staging', settings)).rejects.toThrow(
    /^Setting 'meridian:host': must be a host name/,
  );
});

test('tells of a setting that was given beside the file that it was', async () => {
  await expect(clusterStack('prod', { 'meridian:sise': 'large' })).rejects.toThrow(
    /^Setting 'meridian:sise': must be one of .*; leave out -c sise=…$/,
  );
  await expect(clusterStack('prod', { 'meridian:size': 'large' })).rejects.toThrow(
    /^Setting 'meridian:size': must be .*; give another one with -c size=…$/,
  );
  await expect(clusterStack('staging', { 'kubernetes:contxt': 'a' })).rejects.toThrow(
    /; did you mean 'context'\? leave out -c kubernetes:contxt=…$/,
  );
});
