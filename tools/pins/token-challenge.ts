/**
 * Where a registry that refuses a request says that there is a token for a repository; undefined where it asks for something else. See
 * "Token Authentication Specification" of the Distribution project, https://distribution.github.io/distribution/spec/auth/token/.
 *
 * @param challenge the header WWW-Authenticate of the refusal
 * @param actions what the token is to be for, such as 'pull,push'
 */
export function tokenUrl(challenge: string, repository: string, actions: string): URL | undefined {
  const parameters = new Map(
    [...challenge.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  );
  const realm = parameters.get('realm');
  if (!/^bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  const service = parameters.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${repository}:${actions}`);
  return url;
}

/** The token of an answer, which has either of two names; undefined where it has none. */
export function givenToken(answer: Readonly<Record<string, unknown>>): string | undefined {
  const given = answer['token'] ?? answer['access_token'];
  return typeof given === 'string' ? given : undefined;
}
