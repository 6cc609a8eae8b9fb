import { expect, test } from '@jest/globals';
import { amzDate, encodedPath, sha256, signed } from './signature.ts';

const KEY = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const TIME = amzDate(new Date('2013-05-24T00:00:00Z'));

// "Authenticating Requests: Using the Authorization Header", Amazon S3 API Reference, "Examples".
test.each([
  {
    request: 'an object, from and to a byte',
    method: 'GET',
    path: '/test.txt',
    headers: { range: 'bytes=0-9' },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    request: 'a new object',
    method: 'PUT',
    path: '/test$file.text',
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': sha256('Welcome to Amazon S3.'),
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    request: 'a setting of the bucket',
    method: 'GET',
    path: '/',
    query: { lifecycle: '' },
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    request: 'a list of objects',
    method: 'GET',
    path: '/',
    query: { prefix: 'J', 'max-keys': '2' },
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
])('signs a request for $request as AWS documents it', ({ signature, method, path, ...given }) => {
  const headers = {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': EMPTY,
    'x-amz-date': TIME,
    ...given.headers,
  };
  const authorization = signed(
    { method, path, query: given.query ?? {}, headers },
    KEY,
    'us-east-1',
  );
  expect(authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=${Object.keys(headers).toSorted().join(';')}, Signature=${signature}`,
  );
});

test('encodes what encodeURIComponent leaves alone, and no slash', () => {
  expect(encodedPath("/b/a !'()*~é")).toBe('/b/a%20%21%27%28%29%2A~%C3%A9');
});
