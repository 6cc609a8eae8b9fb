import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lowerLocal } from '@meridian/components/local/lower-local.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { parseConfiguration } from '@meridian/kit/configuration.ts';
import type { ServiceConfiguration } from '@meridian/kit/configuration.ts';
import { ContextPolicy } from '@meridian/kit/context/context-policy.ts';
import { CONTEXT_SIGNING_FOLDER, ContextSigner } from '@meridian/kit/context/context-signer.ts';
import { Identity } from '@meridian/kit/tls/identity.ts';
import { SigningKey } from '@meridian/kit/tls/signing-key.ts';
import {
  createAuthorityRequest,
  signIntermediate,
} from '@meridian/provider-local/pki/intermediate.ts';
import { generateKeyPair } from '@meridian/provider-local/pki/keys.ts';
import { issueLeaf } from '@meridian/provider-local/pki/leaf.ts';
import { createRoot } from '@meridian/provider-local/pki/root.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-contract-'));
const settings = localSettings({});
const graph = platform(settings);
const stack = lowerLocal(landed(graph), settings, {
  version: '0.0.0',
  revisions: {},
  migrations: {},
  installed: { postgres: 'postgres', redis: 'redis', kafka: 'kafka', envoy: 'envoy' },
});
const GET_PRODUCT = '/meridian.catalog.v1.CatalogService/GetProduct';
const IMPORT = '/meridian.catalog.v1.CatalogService/ImportProducts';
const REQUEST = Buffer.from('a request');

function processOf(service: string): ProcessSpec {
  const [replica] = stack.services.find(({ name }) => name === service)?.replicas ?? [];
  if (replica === undefined) throw new Error(`${service} is not landed`);
  return replica.process;
}

function configurationOf(service: string): ServiceConfiguration {
  return parseConfiguration(processOf(service).files['config/service.json'] ?? '', service);
}

/** Gives a process one of its identities, as the agent of its zone does. */
async function issue(service: string, identityFolder: string, root: string): Promise<string> {
  const spec = processOf(service).identities.find((each) => each.folder === identityFolder);
  if (spec === undefined) throw new Error(`${service} has no identity ${identityFolder}`);
  const keys = await generateKeyPair();
  const request = await createAuthorityRequest('a', keys);
  const { certificate } = await signIntermediate(folder, request, { lifetimeDays: 10 });
  const leaf = await issueLeaf({ certificate, keys }, spec, 600);
  const target = join(folder, service, identityFolder);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'tls.crt'), `${leaf.certificate}${certificate}`);
  writeFileSync(join(target, 'tls.key'), leaf.key);
  writeFileSync(join(target, 'ca.crt'), root);
  return target;
}

describe('what the gateway signs on this machine', () => {
  let key: SigningKey;
  let identity: Identity;
  let policy: ContextPolicy;
  beforeAll(async () => {
    const { trustDomain } = graph;
    const { certificate } = await createRoot(folder, { trustDomain, lifetimeDays: 30 });
    key = SigningKey.open(await issue('gateway', CONTEXT_SIGNING_FOLDER, certificate));
    identity = Identity.open(await issue('catalog', 'tls', certificate));
    policy = new ContextPolicy(configurationOf('catalog').context, identity);
  });
  afterAll(() => {
    key.close();
    identity.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (path: string) => {
    const facts = { subject: undefined, roles: [], requestId: 'request-1' };
    const text = new ContextSigner(key).contextFor(facts).textFor(path, REQUEST);
    const peer = configurationOf('gateway').spiffeId;
    return { path, peer, texts: [text], request: REQUEST };
  };

  test('is taken by catalog, by the certificates and rules that both were given', () => {
    expect(policy.check(call(GET_PRODUCT))).toMatchObject({ requestId: 'request-1' });
  });

  test('does not open what is for the system', () => {
    expect(() => policy.check(call(IMPORT))).toThrow('the request cannot have led to this call');
    expect(policy.check({ ...call(IMPORT), texts: [] })).toBeUndefined();
  });

  test('is known to the gateway for each route, and nothing else is', () => {
    const routed = stack.services
      .flatMap(({ name }) => graph.services.find((service) => service.name === name)?.methods ?? [])
      .filter(({ routes }) => routes.length > 0)
      .map(({ path }) => path);
    expect(Object.keys(configurationOf('gateway').context.methods).sort()).toEqual(routed.sort());
  });
});
