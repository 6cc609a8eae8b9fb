import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bringImages } from '../images/bring-images.ts';
import { layoutSource } from '../images/layout-source.ts';
import { writeSampleLayout } from '../images/testing/sample-layout.ts';
import { cloudsStandIn } from '../doctor/testing/clouds-stand-in.ts';
import { isEcr, loginTo } from './logins.ts';
import { Registry } from './registry.ts';
import { keepingRegistry } from './testing/keeping-registry.ts';
import { TEST_LOGIN } from './testing/registry-contract.ts';

const ECR = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
const AWS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'marker-of-a-key',
  AWS_REGION: 'us-east-1',
};

let folder = '';
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-docker-'));
  environment = { ...process.env };
});

afterEach(() => {
  process.env = environment;
  rmSync(folder, { recursive: true });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const configured = (configuration: object): void => {
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(configuration));
};

describe('a registry is asked', () => {
  test('by what docker login has written down, and as nobody where that is nothing', async () => {
    expect(await loginTo('registry.example', folder)).toBeUndefined();
    configured({ auths: { 'registry.example': { auth: base64('me:a:b') } } });
    expect(await loginTo('registry.example', folder)).toEqual({ user: 'me', password: 'a:b' });
    expect(await loginTo('another.example', folder)).toBeUndefined();
  });

  test('and not as nobody where a helper of Docker has the login, which is told', async () => {
    configured({ credHelpers: { 'registry.example': 'pass' } });
    await expect(loginTo('registry.example', folder)).rejects.toThrow(
      /^Registry 'registry.example': must have its login in .*config.json', got a helper of Docker's/,
    );
  });

  test('of AWS by a password that AWS lends, which no other host is taken for', async () => {
    using clouds = await cloudsStandIn({
      GetAuthorizationToken: () => ({
        body: { authorizationData: [{ authorizationToken: base64('AWS:lent') }] },
      }),
    });
    Object.assign(process.env, AWS, { AWS_ENDPOINT_URL: clouds.url });
    expect(await loginTo(ECR, folder)).toEqual({ user: 'AWS', password: 'lent' });
    expect(clouds.asked).toEqual([
      {
        operation: 'GetAuthorizationToken',
        authorization: expect.stringContaining('/us-east-1/ecr/aws4_request'),
      },
    ]);
    for (const host of [`${ECR}.evil.example`, `evil.${ECR}`, 'dkr.ecr.us-east-1.amazonaws.com']) {
      expect(isEcr(host)).toBe(false);
    }
  });

  test('of AWS by nobody who has no credentials', async () => {
    using clouds = await cloudsStandIn({
      GetAuthorizationToken: () => ({ status: 400, body: { __type: 'AccessDeniedException' } }),
    });
    Object.assign(process.env, AWS, { AWS_ENDPOINT_URL: clouds.url });
    await expect(loginTo(ECR, folder)).rejects.toThrow(
      /^Registry of AWS in 'us-east-1': must give a password .*; take the deploy role/,
    );
  });
});

test('a repository that is not there is told, and what makes it, where the registry makes none', async () => {
  writeSampleLayout(folder, { architectures: ['arm64'] });
  await using server = await keepingRegistry({ login: TEST_LOGIN, repositories: ['prod/catalog'] });
  const registry = new Registry(server.host, TEST_LOGIN, false);
  const into = (repository: string) => ({
    ...{ name: 'catalog', repository, tag: '1.0.0' },
    source: () => layoutSource(folder),
  });
  await expect(bringImages([into('prod/orders')], registry, 'arm64')).rejects.toThrow(
    /^Image 'catalog': .* has no repository 'prod\/orders'; name it in the setting images of bootstrap/,
  );
  expect(await bringImages([into('prod/catalog')], registry, 'arm64')).toHaveLength(1);
  await registry.close();
});
