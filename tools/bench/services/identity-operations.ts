import { randomUUID } from 'node:crypto';
import { LOCAL_TRUST_DOMAIN } from '../../../stacks/local.ts';
import type { Edge, EdgeAnswer, EdgeRequest } from '../../shop/edge-client.ts';
import { refresh, subjectOf } from '../../shop/shoppers.ts';
import type { Session } from '../../shop/shoppers.ts';
import { bodyOf, failureOf } from './asking.ts';
import type { Asking } from './asking.ts';
import { Fresh } from './fresh.ts';
import type { Ask, Asked, AskedMethods } from './operation.ts';

const REVOKED_PER_SECOND = 10;
const DELETED_PER_SECOND = 10;

interface OpenedSession {
  readonly sessionId: string;
  readonly accessToken: string;
}

/** What people ask of identity; accounts that are opened are deleted again, as far as they are needed for it. */
export function identityMethods(asking: Asking): AskedMethods {
  const { edge, support } = asking;
  const signingIn = (): EdgeRequest => ({
    ...{ method: 'POST', path: '/v1/sessions' },
    body: asking.shopper().credentials,
  });
  const sessions = new Fresh(async () => {
    const answer = await edge.ask(signingIn());
    return (bodyOf(answer) as { tokens: OpenedSession } | undefined)?.tokens;
  });
  const accounts = new Fresh(async () => accountIn(await edge.ask(opening())));
  return {
    'IdentityService/ListKeys': asking.reads(() => '/.well-known/jwks.json'),
    'IdentityService/CreateAccount': opened(edge, accounts),
    'IdentityService/GetAccount': own(asking),
    'IdentityService/CreateSession': asking.asks(signingIn),
    'IdentityService/RefreshSession': {
      ask: refreshing(
        edge,
        asking.setting.shoppers.map(({ session }) => session),
      ),
    },
    'IdentityService/RevokeSession': asking.spends(
      sessions,
      'session',
      ({ sessionId, accessToken: token }) => ({
        ...{ method: 'DELETE', path: `/v1/sessions/${sessionId}`, token },
      }),
      REVOKED_PER_SECOND,
    ),
    'IdentityService/DeleteAccount': asking.spends(
      accounts,
      'account',
      (accountId) => ({
        ...{ method: 'DELETE', path: `/v1/accounts/${accountId}`, token: support() },
      }),
      DELETED_PER_SECOND,
    ),
  };
}

function opening(): EdgeRequest {
  const email = `bench-${randomUUID()}@${LOCAL_TRUST_DOMAIN}`;
  return {
    ...{ method: 'POST', path: '/v1/accounts', body: { email, password: randomUUID() } },
    headers: { 'idempotency-key': `"${randomUUID()}"` },
  };
}

function accountIn(answer: EdgeAnswer): string | undefined {
  return (bodyOf(answer) as { accountId: string } | undefined)?.accountId;
}

/** Opens accounts, and keeps them for whoever deletes some. */
function opened(edge: Edge, accounts: Fresh<string>): Asked {
  return {
    ask: async () => {
      const answer = await edge.ask(opening());
      const accountId = accountIn(answer);
      if (accountId !== undefined) accounts.add(accountId);
      return failureOf(answer);
    },
  };
}

/** Everybody reads their own account, whose id is the subject of their token. */
function own(asking: Asking): Asked {
  return asking.asks(() => {
    const { accessToken: token } = asking.shopper().session;
    return { method: 'GET', path: `/v1/accounts/${subjectOf(token)}`, token };
  });
}

/** A refresh token works once, so each session is refreshed by one at a time. */
function refreshing(edge: Edge, sessions: readonly Session[]): Ask {
  const free = [...sessions];
  return async () => {
    const session = free.shift();
    if (session === undefined) return 'no session was free';
    try {
      return (await refresh(edge, session)) ? undefined : 'refused';
    } finally {
      free.push(session);
    }
  };
}
