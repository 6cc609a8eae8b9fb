import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A pull request, as far as GitHub's API tells what is asked of it here. */
export interface PullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  /** 'owner:branch'. */
  readonly label: string;
  readonly head: { readonly sha: string };
  readonly base: { readonly ref: string };
  readonly files: readonly { readonly filename: string; readonly previous_filename?: string }[];
}

/** A comment of a pull request. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string; readonly type: string };
}

/** An answer instead of the next one to a question. */
export interface Fault {
  /** Such as 'POST /repos/a/b/issues/1/comments'; a part of it is enough. */
  readonly to: string;
  /** 0 breaks the connection off. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it is done all the same, as where an answer is lost on its way. */
  readonly isDone?: boolean;
}

/**
 * Stands in for GitHub's REST API over HTTP, with the questions that a comment needs, as docs.github.com has them
 * (version 2022-11-28): pages with Link headers, the token, the host of artifacts that refuses a token, and faults.
 */
export class GitHubStandIn {
  readonly token = 'ghs_stand_in_token';
  readonly pulls: PullRequest[] = [];
  readonly comments: Comment[] = [];
  readonly artifacts: { id: number; name: string; expired: boolean; zip: Buffer }[] = [];
  readonly faults: Fault[] = [];
  /** What was asked, such as 'GET /repos/a/b/pulls'. */
  readonly asked: string[] = [];
  /** Called before each answer, such as to change what there is. */
  before: (asked: string) => void = () => undefined;
  /** Rows of a page, however many are asked for. */
  pageSize = 2;
  readonly #server: Server;
  #url = '';

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async start(): Promise<GitHubStandIn> {
    const standIn = new GitHubStandIn();
    await once(standIn.#server.listen(0, '127.0.0.1'), 'listening');
    standIn.#url = `http://127.0.0.1:${(standIn.#server.address() as AddressInfo).port}`;
    return standIn;
  }

  get url(): string {
    return this.#url;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.#url);
    const asked = `${request.method ?? ''} ${pathname}`;
    this.asked.push(asked);
    this.before(asked);
    const body = await textOf(request);
    const fault = this.#faultOf(asked);
    if (fault?.isDone === true) this.#route(asked, searchParams, body);
    if (fault?.status === 0) {
      response.destroy();
      return;
    }
    if (fault !== undefined) {
      response.writeHead(fault.status, fault.headers).end(fault.body ?? '{"message":"fault"}');
      return;
    }
    const token = request.headers.authorization;
    if (pathname.startsWith('/blobs/')) {
      const blob = this.artifacts.find(({ id }) => `/blobs/${id}` === pathname);
      // As the host of artifacts does with what it does not know.
      response.writeHead(token === undefined ? 200 : 400).end(blob?.zip);
      return;
    }
    if (token !== `Bearer ${this.token}`) {
      response.writeHead(401).end('{"message":"Bad credentials"}');
      return;
    }
    const { status, value, headers = {} } = this.#route(asked, searchParams, body);
    response.writeHead(status, headers).end(JSON.stringify(value));
  }

  #faultOf(asked: string): Fault | undefined {
    const index = this.faults.findIndex(({ to }) => asked.includes(to));
    return index === -1 ? undefined : this.faults.splice(index, 1)[0];
  }

  #route(asked: string, query: URLSearchParams, body: string): Answer {
    const [, pull] = /^GET \/repos\/acme\/shop\/pulls\/(\d+)/.exec(asked) ?? [];
    const found = this.pulls.find(({ number }) => String(number) === pull);
    if (asked === 'GET /repos/acme/shop/pulls') return this.#page(this.#pullsOf(query), query);
    if (asked.endsWith('/files')) return this.#page(found?.files ?? [], query);
    if (found !== undefined) return { status: 200, value: found };
    if (/^GET .*\/issues\/\d+\/comments$/.test(asked)) return this.#page(this.comments, query);
    if (/^POST .*\/issues\/\d+\/comments$/.test(asked)) return this.#create(body);
    const [, comment] = /^PATCH \/repos\/acme\/shop\/issues\/comments\/(\d+)$/.exec(asked) ?? [];
    if (comment !== undefined) return this.#update(Number(comment), body);
    if (/^GET .*\/actions\/runs\/\d+\/artifacts$/.test(asked)) return this.#listArtifacts(query);
    const [, zip] = /^GET .*\/actions\/artifacts\/(\d+)\/zip$/.exec(asked) ?? [];
    if (zip === undefined) return { status: 404, value: { message: 'Not Found' } };
    return { status: 302, value: '', headers: { location: `${this.#url}/blobs/${zip}` } };
  }

  #pullsOf(query: URLSearchParams): readonly PullRequest[] {
    const [head, base] = [query.get('head'), query.get('base')];
    return this.pulls.filter(
      ({ state, label, base: { ref } }) =>
        state === (query.get('state') ?? 'open') &&
        (head === null || label === head) &&
        (base === null || ref === base),
    );
  }

  #page(rows: readonly unknown[], query: URLSearchParams): Answer {
    const page = Number(query.get('page') ?? '1');
    const end = page * this.pageSize;
    const value = rows.slice(end - this.pageSize, end);
    if (end >= rows.length) return { status: 200, value };
    const next = new URLSearchParams(query);
    next.set('page', String(page + 1));
    const path = this.asked.at(-1)?.split(' ')[1] ?? '';
    const link = `<${this.#url}${path}?${next.toString()}>; rel="next", <${this.#url}/last>; rel="last"`;
    return { status: 200, value, headers: { link } };
  }

  #create(body: string): Answer {
    const written = {
      id: 1000 + this.comments.length,
      user: { login: 'github-actions[bot]', type: 'Bot' },
      ...(JSON.parse(body) as { readonly body: string }),
    };
    this.comments.push(written);
    return { status: 201, value: written };
  }

  #update(id: number, body: string): Answer {
    const index = this.comments.findIndex((comment) => comment.id === id);
    const comment = this.comments[index];
    if (comment === undefined) return { status: 404, value: { message: 'Not Found' } };
    this.comments[index] = { ...comment, ...(JSON.parse(body) as { readonly body: string }) };
    return { status: 200, value: this.comments[index] };
  }

  #listArtifacts(query: URLSearchParams): Answer {
    const named = this.artifacts.filter(({ name }) => name === query.get('name'));
    const artifacts = named.map(({ zip, ...rest }) => ({ ...rest, size_in_bytes: zip.length }));
    return { status: 200, value: { total_count: artifacts.length, artifacts } };
  }
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}
