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

/** Signs in and gives the access token. */
export async function signIn(
  platform: PlatformUnderTest,
  email: string,
  password: string,
): Promise<string> {
  const answer = await send(platform, 'POST', '/v1/sessions', { email, password });
  return tokenOf(answer);
}

/** The access token in the answer to a sign-in; fails if that was refused. */
export function tokenOf({ status, body }: Answer): string {
  if (status !== 200) throw new Error(`${status} ${body}`);
  const { tokens } = JSON.parse(body) as { tokens: { accessToken: string } };
  return tokens.accessToken;
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
