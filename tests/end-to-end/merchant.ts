import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer, Asked, PlatformUnderTest } from './platform-under-test.ts';

/** Who signs in where the platform has set up its first merchant. */
export const MERCHANT_EMAIL = 'merchant@meridian.local';

/** Asks the edge with a JSON body, by the bearer of a token if one is given. */
export async function send(
  platform: PlatformUnderTest,
  method: string,
  target: string,
  body: unknown,
  { token, headers = {} }: { readonly token?: string; readonly headers?: Asked['headers'] } = {},
): Promise<Answer> {
  return await platform.request(method, target, {
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

/** What somebody signs in with. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** What a client keeps of a session. */
export interface Session {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Signs in. */
export async function openSession(
  platform: PlatformUnderTest,
  credentials: Credentials,
): Promise<Session> {
  return sessionOf(await send(platform, 'POST', '/v1/sessions', credentials));
}

/** The session that an answer of CreateSession opens. */
export function sessionOf({ status, body }: Answer): Session {
  if (status !== 200) throw new Error(`${status} ${body}`);
  return (JSON.parse(body) as { tokens: Session }).tokens;
}

/** Signs in and gives the access token. */
export async function signIn(
  platform: PlatformUnderTest,
  email: string,
  password: string,
): Promise<string> {
  return (await openSession(platform, { email, password })).accessToken;
}

/** The logs of every process of the platform and of the agents, by path. */
export function logsOf(platform: PlatformUnderTest): ReadonlyMap<string, string> {
  const zones = path.join(platform.state, 'zones');
  const files = readdirSync(zones).flatMap((zone) => {
    const logs = path.join(zones, zone, 'logs');
    const names = readdirSync(logs, { withFileTypes: true }).filter((entry) => entry.isFile());
    return [path.join(zones, zone, 'agent.log'), ...names.map(({ name }) => path.join(logs, name))];
  });
  return new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
}
