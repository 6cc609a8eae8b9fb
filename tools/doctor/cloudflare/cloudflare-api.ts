/** How Cloudflare is asked. */
export interface CloudflareAccess {
  /** Where its API is, without a slash at the end. */
  readonly url: string;
  /** Secret: it goes into a header and nowhere else. */
  readonly token: string;
}

/** What Cloudflare has answered. */
export interface CloudflareAnswer<Result> {
  readonly status: number;
  /** Undefined where it refused. */
  readonly result?: Result;
  /** What it says is wrong. */
  readonly errors: string;
}

/** Where Cloudflare's API is for everybody. */
export const CLOUDFLARE_URL = 'https://api.cloudflare.com/client/v4';

/** Reads from the API. Its form is in Cloudflare's API documentation, "Make API calls". */
export async function askCloudflare<Result>(
  { url, token }: CloudflareAccess,
  path: string,
  signal: AbortSignal,
): Promise<CloudflareAnswer<Result>> {
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  const body = (await answer.json().catch(() => ({}))) as {
    readonly success?: boolean;
    readonly result?: Result;
    readonly errors?: readonly { readonly code: number; readonly message: string }[];
  };
  const errors = (body.errors ?? []).map(({ code, message }) => `${message} (${code})`).join(', ');
  return {
    status: answer.status,
    ...(body.success === true && body.result !== undefined ? { result: body.result } : {}),
    errors: errors === '' ? `status ${answer.status}` : errors,
  };
}
