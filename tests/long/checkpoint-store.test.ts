import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll } from '@jest/globals';
import { bindingTo } from '@meridian/audit/testing/store-binding.ts';
import { testStoreContract } from '@meridian/audit/testing/store-contract.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { motoCommand } from '../../tools/engines/moto.ts';

/*
 * The client of the checkpoint store against an S3 of others: Moto, whose signatures and policies are checked by
 * botocore. The stand-in keeps the same contract.
 */

let moto: ChildProcess;
let uri: string;
let key: { readonly id: string; readonly secret: string };
let buckets = 0;

/** As long as nobody is checked, the header says no more than which service is meant. */
const headersFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

/** How many calls from now on may come from anybody. */
async function checkAfter(calls: string): Promise<void> {
  const headers = { 'content-type': 'text/plain' };
  await asked('/moto-api/reset-auth', { method: 'POST', headers, body: calls });
}

async function asked(path: string, init: RequestInit): Promise<string> {
  const response = await fetch(`${uri}${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`Moto answered ${response.status} to ${path}: ${text}`);
  return text;
}

function iam(parameters: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams({ ...parameters, UserName: 'log', Version: '2010-05-08' });
  return asked('/', { method: 'POST', headers: headersFor('iam'), body });
}

/** What docs/deploying.md says that the key of the log needs. */
const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:GetBucketVersioning'],
      Resource: '*',
    },
  ],
};

beforeAll(async () => {
  const port = await freePort('127.0.0.1');
  uri = `http://127.0.0.1:${port}`;
  moto = spawn(motoCommand(cacheFolder()), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await eventually(() => asked('/moto-api/data.json', {}), 60_000);
  await iam({ Action: 'CreateUser' });
  const document = JSON.stringify(POLICY);
  await iam({ Action: 'PutUserPolicy', PolicyName: 'log', PolicyDocument: document });
  const made = await iam({ Action: 'CreateAccessKey' });
  const read = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(made)?.[1] ?? '';
  key = { id: read('AccessKeyId'), secret: read('SecretAccessKey') };
}, 90_000);

afterAll(async () => {
  const ended = once(moto, 'exit');
  moto.kill('SIGTERM');
  await ended;
});

testStoreContract('Moto', () => ({
  emptyBucket: async () => {
    const bucket = `heads-${(buckets += 1)}`;
    await checkAfter('inf');
    const headers = headersFor('s3');
    await asked(`/${bucket}`, { method: 'PUT', headers });
    await asked(`/${bucket}?versioning`, {
      ...{ method: 'PUT', headers },
      body: '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>',
    });
    await checkAfter('0');
    return bindingTo(uri, { bucket, region: 'us-east-1' }, (name) => [
      name === 'access-key-id' ? key.id : key.secret,
    ]);
  },
}));
