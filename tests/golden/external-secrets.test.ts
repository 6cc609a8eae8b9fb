import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { parse } from 'yaml';
import { platform } from '../../infra/platform-graph.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import { goldenFile } from './golden-file.ts';

const place = { uri: 'https://a.example', networks: ['192.0.2.0/24'] };
const bucket = { ...place, bucket: 'example', region: 'eu-1' };

/** Every setting that asks for a Secret of the owner's, none of which gives it another name. */
const settings = stagingSettings({
  externalSecrets: '{"store": "vault"}',
  imagePullSecrets: '["registry-access"]',
  operators: 'installed',
  heartbeat: 'true',
  telemetryStore: JSON.stringify(bucket),
  postgresBackup: JSON.stringify(bucket),
  externals: JSON.stringify({ 'payment-provider': place, 'checkpoint-store': bucket }),
});

const files = Object.entries(
  renderManifests(
    lowerKubernetes({
      graph: landed(platform(settings)),
      settings,
      version: '0.0.0',
      migrations: {},
    }),
  ),
).filter(([file]) => file.includes('-externalsecret-'));

/** What is read of an ExternalSecret here. */
interface Brought {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly data: readonly { readonly secretKey: string }[] };
}
const brought = files.map(([, text]) => parse(text) as Brought);
const placesOf = (name: string): readonly string[] =>
  brought
    .filter(({ metadata }) => metadata.name === name)
    .map(({ metadata }) => metadata.namespace);

test('what External Secrets is asked for by staging is what was reviewed', () => {
  const text = files.map(([file, yaml]) => `# ${file}\n${yaml}`).join('---\n');
  const { given, golden } = goldenFile('staging/external-secrets.golden.yaml', text);
  expect(given).toBe(golden);
});

test('every Secret that docs tell a person to make is brought, with the same keys', () => {
  const docs = readFileSync('docs/deploying.md', 'utf8');
  const commands = [
    ...docs.matchAll(
      /--namespace (\S+) create secret generic (\S+) \\\n((?:\s+--from-file=\S+)+)/g,
    ),
  ].map(([, namespace = '', name = '', keys = '']) => ({
    namespace,
    name,
    keys: [...keys.matchAll(/=(\S+)/g)].map(([, key]) => key),
  }));
  expect(commands).toHaveLength(3);
  const found = commands.map(({ namespace, name }) => ({
    namespace,
    name,
    keys: brought
      .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace)
      ?.spec.data.map(({ secretKey }) => secretKey),
  }));
  expect(found).toEqual(commands);
  const telemetry = readFileSync('docs/observability-in-a-cluster.md', 'utf8');
  const named = [...telemetry.matchAll(/Secret `([a-z-]+)`/g)].map(([, name = '']) => name);
  expect(new Set(named)).toEqual(new Set(['telemetry-store-keys', 'pager-keys', 'grafana-admin']));
  for (const name of named) expect(placesOf(name)).toEqual(['observability']);
});
