import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Edge } from '../../shop/edge-client.ts';
import { readGiven } from '../proof.ts';
import { unusable } from '../reach.ts';
import type { Reach } from '../reach.ts';
import { asked } from './asked.ts';
import type { Credentials } from './asked.ts';
import { untold } from './untold.ts';

const session = z.object({ tokens: z.object({ accessToken: z.string() }) });

/**
 * A token from a file or the environment, or those of sessions that are opened with an account's password: a token
 * is good for five minutes, and a verification may take longer. Neither is ever an argument, which others can see.
 *
 * @throws {CodedError} AUDIT_OPTION_UNUSABLE
 */
export function credentialsOf(
  edge: Edge,
  { token, email, password }: Pick<Reach, 'token' | 'email' | 'password'>,
): Credentials {
  if (email !== undefined) return signingIn(edge, email, password);
  const given = (): string => secretOf('--token', token, 'MERIDIAN_TOKEN');
  // That there is one is said before anything is asked.
  given();
  return {
    token: () => Promise.resolve(given()),
    // Whoever keeps the file up to date gives a new one.
    renewed: (refused) => Promise.resolve(given() === refused ? undefined : given()),
  };
}

function signingIn(edge: Edge, email: string, file: string | undefined): Credentials {
  const password = secretOf('--password', file, 'MERIDIAN_PASSWORD');
  let open: Promise<string> | undefined;
  let expired: string | undefined;
  const signIn = async (): Promise<string> => {
    const answer = await asked(edge, {
      ...{ method: 'POST', path: '/v1/sessions', body: { email, password } },
      headers: { 'idempotency-key': `"${randomUUID()}"` },
    });
    const opened = session.safeParse(answer);
    if (!opened.success) throw untold('API POST /v1/sessions', opened.error);
    return opened.data.tokens.accessToken;
  };
  return {
    token: () => (open ??= signIn()),
    renewed(refused) {
      // Of several calls that are refused at once one signs in.
      if (refused !== expired || open === undefined) open = signIn();
      expired = refused;
      return open;
    },
  };
}

function secretOf(option: string, file: string | undefined, variable: string): string {
  const secret =
    (file === undefined ? process.env[variable] : readGiven(file, `for ${option}`))?.trim() ?? '';
  if (secret !== '') return secret;
  const got =
    file === undefined
      ? `no such option and no ${variable} in the environment`
      : `'${file}', which is empty`;
  throw unusable(
    option,
    'name a file with it',
    got,
    `write it to a file that only you can read, or into ${variable}; an auditor's account has it ('npm run account -- --role auditor', docs/audit.md)`,
  );
}
