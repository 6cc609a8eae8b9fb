import { exampleId, SOME_TIME, used, varying } from '@meridian/kit/contract/example.ts';
import type { Examples } from '@meridian/kit/contract/example.ts';
import type { IdentityService } from './gen/meridian/identity/v1/identity_pb.js';

const email = 'grace.hopper@example.com';
const accountId = exampleId('account');
const sessionId = exampleId('session');
const accessToken = used('eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl');
const refreshToken = used('9v3hQ5oYJ0mB2xkq7uW1cZrT4nLs8dEfGpHaKiMjNbV');

const account = {
  accountId,
  email,
  displayName: 'Grace Hopper',
  roles: ['customer'],
  createTime: SOME_TIME,
};

const tokens = {
  sessionId,
  accessToken,
  accessExpireTime: SOME_TIME,
  refreshToken,
  refreshExpireTime: SOME_TIME,
};

/** What is shown of accounts and sessions. */
export const examples: Examples<typeof IdentityService> = {
  createAccount: [
    {
      name: 'registered',
      summary: 'Somebody opens an account.',
      as: 'anybody',
      request: { email, password: 'seven blue lanterns', displayName: 'Grace Hopper' },
      response: account,
      gives: [accountId],
    },
  ],
  createSession: [
    {
      name: 'signedIn',
      summary: 'Its owner signs in.',
      as: 'anybody',
      request: { email, password: 'seven blue lanterns' },
      response: { tokens },
      gives: [sessionId, accessToken, refreshToken],
      after: ['CreateAccount'],
    },
  ],
  getAccount: [
    {
      name: 'own',
      summary: 'A customer reads their own account.',
      as: 'customer',
      request: { accountId },
      response: account,
    },
  ],
  refreshSession: [
    {
      name: 'refreshed',
      summary: 'A client gets new tokens before the old ones expire.',
      as: 'anybody',
      request: { refreshToken },
      response: { tokens: { ...tokens, ...nextTokens() } },
      last: true,
    },
  ],
  revokeSession: [
    {
      name: 'signedOut',
      summary: 'A customer signs out.',
      as: 'customer',
      request: { sessionId },
      response: {},
      after: ['RefreshSession'],
      last: true,
    },
  ],
  deleteAccount: [
    {
      name: 'deleted',
      summary: 'Support deletes an account whose owner asked for it.',
      as: 'support',
      request: { accountId },
      response: {},
      after: ['RevokeSession'],
      last: true,
    },
  ],
  listKeys: [
    {
      name: 'keys',
      summary: 'Whoever verifies tokens reads the keys.',
      as: 'anybody',
      request: {},
      response: {
        keys: varying([
          {
            kty: 'OKP',
            kid: '4b1c0f7e2d9a',
            use: 'sig',
            alg: 'EdDSA',
            crv: 'Ed25519',
            x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          },
        ]),
      },
    },
  ],
};

/** A refresh token works once. */
function nextTokens() {
  return {
    accessToken: varying('eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.bmV4dA'),
    refreshToken: varying('Zk2mT7cR4wXq9sLb1vNhD5gJ8yPeUa3oF6iKrMt0QxE'),
  };
}
