import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { DeclaredSecret } from '@meridian/components/aws/declared-secret.ts';
import { awsNouns } from '@meridian/components/aws/aws-nouns.ts';
import { enginesOf, KUBERNETES_NOUNS } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import type { NounsForPods } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import type { PodsSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { lowerPods } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { landed } from '@meridian/components/model/landed.ts';
import type { CredentialsOrder } from '@meridian/jobs/credentials/credentials-order.ts';
import { Bindings } from '@meridian/kit/bindings.ts';
import { readElasticsearchBinding } from '@meridian/kit/elasticsearch/binding.ts';
import { readExternalBinding } from '@meridian/kit/external/binding.ts';
import { readKafkaBinding } from '@meridian/kit/kafka/binding.ts';
import { readPostgresBinding } from '@meridian/kit/postgres/binding.ts';
import { readRedisBinding } from '@meridian/kit/redis/binding.ts';
import { bindingForms } from '@meridian/language/bindings.ts';
import type { BindingType } from '@meridian/language/bindings.ts';
import { platform } from '../../infra/platform-graph.ts';
import { EXAMPLE_ACCOUNT, prodSettings } from '../../stacks/prod.ts';
import { stagingSettings } from '../../stacks/staging.ts';

type Properties = Readonly<Record<string, string>>;

/** What a cloud gives in place of what is only known there. */
const ADDRESSES: Properties = { endpoint: 'engine.example', brokers: 'b-1.example:9098' };

const folder = mkdtempSync(path.join(tmpdir(), 'meridian-landings-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What every Secret of a stack holds, by its name. */
function secretsOf(stack: ReturnType<typeof lowerPods>): ReadonlyMap<string, Properties> {
  const objects = objectsOf(stack);
  const plain = objects.flatMap((object) =>
    object.kind === 'Secret'
      ? [[object.metadata.name, (object as { stringData?: Properties }).stringData ?? {}] as const]
      : [],
  );
  const ofJobs = objects.flatMap((object) => {
    if (object.kind !== 'Job' || !object.metadata.name.startsWith('credentials-')) return [];
    const { template } = object.spec as {
      readonly template: {
        readonly spec?: { readonly containers: readonly { readonly args?: readonly string[] }[] };
      };
    };
    const order = JSON.parse(template.spec?.containers[0]?.args?.[0] ?? '') as CredentialsOrder;
    return order.users.flatMap(({ bindings }) =>
      bindings.map(
        ({ secret, properties }) => [secret, { ...properties, password: 'made' }] as const,
      ),
    );
  });
  const ofCloud = Object.values(stack as unknown as Readonly<Record<string, object>>).flatMap(
    (noun) => {
      const { bindings = [] } = noun as { readonly bindings?: readonly DeclaredSecret[] };
      return bindings.map(({ manifest, fromCloud }) => {
        const made = Object.entries(fromCloud).map(([key, source]) => [
          key,
          ADDRESSES[source] ?? 'made',
        ]);
        return [
          manifest.metadata.name,
          { ...manifest.stringData, ...(Object.fromEntries(made) as Properties) },
        ] as const;
      });
    },
  );
  return new Map([...plain, ...ofJobs, ...ofCloud]);
}

/** The bindings of each service to engines, by landing. */
function bound(settings: PodsSettings, nouns: NounsForPods) {
  const graph = landed(platform(settings));
  const context = { graph, settings, version: '0.0.0', migrations: {} };
  const secrets = secretsOf(lowerPods(context, nouns));
  return graph.services.flatMap(({ name: service }) =>
    enginesOf(nouns)
      .flatMap((engine) => [engine.use(context, service) ?? []].flat())
      .flatMap(({ bindings }) => Object.entries(bindings))
      .map(([name, secret]) => ({ service, name, properties: secrets.get(secret) })),
  );
}

const production = prodSettings({
  'aws:region': 'us-east-1',
  'aws:allowedAccountIds': `["${EXAMPLE_ACCOUNT}"]`,
});
const LANDINGS = {
  kubernetes: bound(stagingSettings({}), KUBERNETES_NOUNS),
  aws: bound(production, awsNouns(production)),
};

/** Reads a binding as the code of services does. */
function read(bindings: Bindings, name: string, type: string): unknown {
  switch (type) {
    case 'postgresql':
      return readPostgresBinding(bindings, name, '/self');
    case 'redis':
      return readRedisBinding(bindings, name, '/self');
    case 'kafka':
      return readKafkaBinding(bindings, '/self');
    case 'external':
      return readExternalBinding(bindings, name.replace(/^external-/, ''), '/self');
    case 'elasticsearch':
      return readElasticsearchBinding(bindings, name, '/self');
    default: {
      const binding = bindings.get(name, type as BindingType);
      return Object.keys(bindingForms(type as BindingType).required).map((key) =>
        binding.property(key as never),
      );
    }
  }
}

describe.each(Object.entries(LANDINGS))('the bindings of the landing %s', (landing, all) => {
  test('are of every service that uses an engine', () => {
    const names = all.map(({ service, name }) => `${service} ${name}`);
    expect(names).toEqual(LANDINGS.kubernetes.map(({ service, name }) => `${service} ${name}`));
    expect(names).toContain('catalog catalog-postgres');
  });

  test.each(all)('are read by $service as $name', ({ service, name, properties = {} }) => {
    const root = path.join(folder, landing, service);
    mkdirSync(path.join(root, name), { recursive: true });
    for (const [key, value] of Object.entries(properties)) {
      writeFileSync(path.join(root, name, key), value);
    }
    expect(read(new Bindings(root), name, properties['type'] ?? '')).toBeDefined();
    // A password that a binding leads to is in the same Secret.
    const file = properties['password-file'];
    if (file !== undefined)
      expect([file, properties['password']]).toEqual([`bindings/${name}/password`, 'made']);
  });
});

test('audit knows where the heads of its log go by a key in any cluster, and by its role on AWS', () => {
  const mechanisms = Object.entries(LANDINGS).map(([landing, all]) => {
    const store = all.find(({ name }) => name === 'external-checkpoint-store');
    return [landing, store?.properties?.['mechanism'], store?.properties?.['access-key-id-file']];
  });
  expect(mechanisms).toEqual([
    ['kubernetes', undefined, 'external-checkpoint-store/access-key-id'],
    ['aws', 'iam', undefined],
  ]);
});
