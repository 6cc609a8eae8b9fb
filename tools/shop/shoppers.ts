import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureFolder } from '@meridian/provider-local/machine/atomic-file.ts';
import { LOCAL_TRUST_DOMAIN } from '../../stacks/local.ts';
import { ensureSecret } from '../meridian/random-secret.ts';
import type { Edge, EdgeAnswer } from './edge-client.ts';

/** Somebody with an account, made for load. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Whoever signs in, with what keeps them so. */
export interface Session {
  accessToken: string;
  refreshToken: string;
}

const SECRET_BYTES = 32;
const PASSWORD_LENGTH = 24;

/**
 * The generated shoppers of this platform, the same at each run: their passwords follow from one secret in
 * the state folder, which only its owner may read.
 */
export async function shopperCredentials(
  stateFolder: string,
  count: number,
): Promise<readonly Credentials[]> {
  const folder = path.join(stateFolder, 'credentials');
  const file = path.join(folder, 'shoppers');
  await ensureFolder(folder);
  await ensureSecret(file, SECRET_BYTES);
  const secret = readFileSync(file, 'utf8');
  return Array.from({ length: count }, (_, index) => {
    const email = `shopper-${String(index + 1).padStart(4, '0')}@${LOCAL_TRUST_DOMAIN}`;
    const digest = createHmac('sha256', secret).update(email).digest('base64url');
    return { email, password: digest.slice(0, PASSWORD_LENGTH) };
  });
}

/** Begins the keys of one run: under those of an earlier one an account would seem to be opened again. */
const RUN = randomUUID().slice(0, 8);

/** Opens an account, or finds it there; gives what went wrong otherwise. */
export async function register(
  edge: Edge,
  { email, password }: Credentials,
  run = RUN,
): Promise<'created' | 'there' | EdgeAnswer> {
  const answer = await edge.ask({
    ...{ method: 'POST', path: '/v1/accounts', body: { email, password } },
    headers: { 'idempotency-key': `"${run}-${email}"` },
  });
  if (answer.status === 200 || answer.status === 201) return 'created';
  return answer.status === 409 ? 'there' : answer;
}

/** Signs in, or gives what came instead. */
export async function signIn(
  edge: Edge,
  { email, password }: Credentials,
): Promise<{ readonly session: Session } | { readonly refused: EdgeAnswer }> {
  const answer = await edge.ask({
    ...{ method: 'POST', path: '/v1/sessions', body: { email, password } },
  });
  if (answer.status === undefined || answer.status >= 300) return { refused: answer };
  return { session: tokensOf(answer.body) };
}

/** Exchanges the refresh token; false if that was refused, and the old tokens stay. */
export async function refresh(edge: Edge, session: Session): Promise<boolean> {
  const { refreshToken } = session;
  const answer = await edge.ask({
    ...{ method: 'POST', path: '/v1/sessions:refresh', body: { refreshToken } },
    // Under one key, so that an answer which got lost can be had again.
    headers: { 'idempotency-key': `"${refreshToken.slice(0, 32)}"` },
  });
  if (answer.status === undefined || answer.status >= 300) return false;
  Object.assign(session, tokensOf(answer.body));
  return true;
}

function tokensOf(body: unknown): Session {
  const { tokens } = body as { readonly tokens: Session };
  const { accessToken, refreshToken } = tokens;
  return { accessToken, refreshToken };
}

/** The id of the account that an access token is for. Source: RFC 7519 section 4.1.2. */
export function subjectOf(accessToken: string): string {
  const [, claims = ''] = accessToken.split('.');
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string };
  return sub;
}
