import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { shownText } from '../report/shown-text.ts';

/** What GitHub's REST API is asked with. */
export interface GitHubAccess {
  /** Such as https://api.github.com. */
  readonly url: string;
  /** In a header and nowhere else. */
  readonly token: string;
  /** Waits for so many milliseconds; a test need not. */
  readonly wait: (ms: number) => Promise<void>;
}

/** A question to GitHub. */
export interface GitHubRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** From the first slash on, or an address that GitHub answered with. */
  readonly path: string;
  readonly body?: unknown;
}

/** Tries of one question. What is refused for now is told with the time to wait; what fails, fails for some seconds. */
const TRIES = 5;

/** Longer than this nobody waits for a comment: a limit that lasts longer is told as what it is. */
const WAIT_MAX_MS = 10 * 60_000;

/** A question is given up on after so long. */
const TIMEOUT_MS = 30_000;

/**
 * Asks GitHub, one question at a time (docs.github.com, "Best practices for using the REST API"): it waits where a
 * rate limit says so, and asks again where GitHub does not answer; a POST only where nothing can have come of it.
 *
 * @throws {CodedError} GITHUB_REFUSED with the status, GITHUB_UNREACHABLE
 */
export async function askGitHub(access: GitHubAccess, request: GitHubRequest): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await answerOf(access, request);
    if ('trouble' in answer) {
      if (request.method === 'POST' || attempt === TRIES) throw unreachable(request, answer);
      await access.wait(backoffMs(attempt));
      continue;
    }
    if (answer.ok || answer.status === 302) return answer;
    const said = await answer.text().catch(messageOf);
    const waitMs = waitOf(answer, said, { request, attempt });
    if (waitMs === undefined || attempt === TRIES) throw notAnswered(request, answer, said);
    await access.wait(waitMs);
  }
}

/** An answer as JSON of a form that the caller checks. */
export async function askForJson(access: GitHubAccess, request: GitHubRequest): Promise<unknown> {
  const answer = await askGitHub(access, request);
  return await answer.json();
}

/** Pages of a list are followed so far: 5,000 rows. */
const PAGES_MAX = 50;

/** The rows of a list, through all of its pages. */
export async function* rowsOf(access: GitHubAccess, path: string): AsyncGenerator {
  let next: string | undefined = path;
  for (let page = 0; next !== undefined && page < PAGES_MAX; page += 1) {
    const answer: Response = await askGitHub(access, { path: next });
    const rows: unknown = await answer.json();
    if (!Array.isArray(rows)) {
      throw new CodedError(
        'GITHUB_REFUSED',
        `GET ${path}: must answer with a list, got ${typeof rows}`,
      );
    }
    yield* rows as unknown[];
    next = nextPage(access, answer);
  }
}

/** RFC 8288; a page is only ever of the API that was asked, since the token goes with the question. */
function nextPage({ url }: GitHubAccess, answer: Response): string | undefined {
  const [, next] = /<([^>]*)>;\s*rel="next"/.exec(answer.headers.get('link') ?? '') ?? [];
  return next?.startsWith(`${url}/`) === true ? next.slice(url.length) : undefined;
}

/** Why there is no answer. */
interface NoAnswer {
  readonly trouble: string;
  readonly cause: unknown;
}

async function answerOf(
  { url, token }: GitHubAccess,
  { method = 'GET', path, body }: GitHubRequest,
): Promise<Response | NoAnswer> {
  try {
    return await fetch(`${url}${path}`, {
      method,
      // A download leads to another host, which must not see the token.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        Accept: 'application/vnd.github+json',
        Authorization: `Bearer ${token}`,
        'User-Agent': 'meridian-review',
        'X-GitHub-Api-Version': '2022-11-28',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    return { trouble: troubleOf(cause), cause };
  }
}

/** What fetch throws says little; its cause says why. */
export function troubleOf(thrown: unknown): string {
  const why = messageOf(thrown);
  const cause: unknown =
    typeof thrown === 'object' && thrown !== null && 'cause' in thrown ? thrown.cause : undefined;
  return cause === undefined ? why : `${why}: ${messageOf(cause)}`;
}

function backoffMs(attempt: number): number {
  return 1_000 * 2 ** (attempt - 1);
}

/** How long to wait before a question is asked again; undefined where that would not help. */
function waitOf(
  { status, headers }: Response,
  said: string,
  { request, attempt }: { readonly request: GitHubRequest; readonly attempt: number },
): number | undefined {
  if (status === 403 || status === 429) return limitWaitOf(status, headers, { said, attempt });
  if (status === 409) return backoffMs(attempt);
  // Something may have come of a POST; who sent it has to look first.
  return status < 500 || request.method === 'POST' ? undefined : backoffMs(attempt);
}

/** A secondary rate limit says how long to wait, a primary one until when; nothing was done for what is refused. */
function limitWaitOf(
  status: number,
  headers: Headers,
  { said, attempt }: { readonly said: string; readonly attempt: number },
): number | undefined {
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(after)) return within(after * 1_000);
  if (headers.get('x-ratelimit-remaining') === '0') {
    const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
    if (Number.isFinite(reset)) return within(Math.max(1_000, reset * 1_000 - Date.now()));
  }
  // Without a time a minute is waited, then longer. Any other 403 is a refusal.
  return status === 429 || /rate limit/i.test(said) ? within(60_000 * attempt) : undefined;
}

function within(ms: number): number | undefined {
  return ms <= WAIT_MAX_MS ? ms : undefined;
}

function unreachable(request: GitHubRequest, { trouble, cause }: NoAnswer): CodedError {
  return new CodedError('GITHUB_UNREACHABLE', `${asked(request)}: ${shownText(trouble)}`, {
    cause,
  });
}

function notAnswered(request: GitHubRequest, { status }: Response, said: string): CodedError {
  const text = `${asked(request)}: answers ${status} ${shownText(said.slice(0, 2_000))}`;
  return status >= 500
    ? new CodedError('GITHUB_UNREACHABLE', text)
    : new GitHubRefusal(text, status);
}

function asked({ method = 'GET', path }: GitHubRequest): string {
  return `${method} ${shownText(path)}`;
}

/** A question that GitHub does not answer to whoever asks. */
export class GitHubRefusal extends CodedError {
  override readonly name = 'GitHubRefusal';
  readonly status: number;

  constructor(message: string, status: number) {
    super('GITHUB_REFUSED', message);
    this.status = status;
  }
}
