/** What a process proves to AWS who it is by, for a while. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Milliseconds before their end in which credentials are asked for again: EKS gives others an hour before, of six. */
const EARLY_MS = 300_000;

/**
 * Asks for the credentials of the role that the process has, and keeps them until shortly before they end. In a cluster the agent of
 * EKS Pod Identity has them, at the address and by the token that it names in the environment. What asks is only loaded where there
 * is a binding for it. The function throws Error where the agent does not answer; it is asked again at the next call.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * @param now milliseconds since 1970
 */
export function roleCredentials(now: () => number = Date.now): () => Promise<RoleCredentials> {
  let kept: { readonly credentials: RoleCredentials; readonly until: number } | undefined;
  return async () => {
    if (kept !== undefined && now() < kept.until) return kept.credentials;
    const { fromHttp } = await import('@aws-sdk/credential-providers');
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await fromHttp({})();
    if (sessionToken === undefined) throw new Error('The credentials of a role have no session');
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    kept = { credentials, until: (expiration?.getTime() ?? 0) - EARLY_MS };
    return credentials;
  };
}
