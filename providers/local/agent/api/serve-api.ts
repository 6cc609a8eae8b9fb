import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { chmod, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { systemTrouble } from '../../machine/system-trouble.ts';
import { chainSchema } from '../identities/authority.ts';
import { sendEvent, sendOutput } from '../process/task-output.ts';
import type { Zone } from '../zone/zone.ts';

/** Files of a spec travel in it. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_LOG_LINES = 10_000;
const DEFAULT_LOG_LINES = 100;

/** Stops the zone; when forced, without its processes' grace. */
type Stop = (force: boolean) => Promise<void>;

interface Call {
  readonly zone: Zone;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** The process that the path names; '' where it names none. */
  readonly name: string;
  readonly stop: Stop;
}

/** Answers with the value as JSON; a route that answers by itself returns undefined. */
type Route = (call: Call) => Promise<object | undefined>;

const ROUTES: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
  ['GET', /^\/status$/, ({ zone }) => Promise.resolve(zone.status())],
  ['PUT', /^\/settings$/, async ({ zone, request }) => zone.putSettings(await bodyOf(request))],
  [
    'GET',
    /^\/authority\/request$/,
    async ({ zone }) => ({ request: await zone.authorityRequest() }),
  ],
  ['PUT', /^\/authority$/, putAuthority],
  ['POST', /^\/renew$/, async ({ zone }) => ({ problems: await zone.renewAll('all') })],
  [
    'GET',
    /^\/processes\/([^/]+)$/,
    ({ zone, name }) => Promise.resolve(zone.member(name).status()),
  ],
  [
    'GET',
    /^\/processes\/([^/]+)\/spec$/,
    ({ zone, name }) => Promise.resolve(zone.member(name).spec),
  ],
  [
    'PUT',
    /^\/processes\/([^/]+)$/,
    async ({ zone, name, request }) => zone.put(name, await bodyOf(request)),
  ],
  [
    'DELETE',
    /^\/processes\/([^/]+)$/,
    async ({ zone, name }) => {
      await zone.delete(name);
      return {};
    },
  ],
  ['POST', /^\/processes\/([^/]+)\/run$/, runTask],
  ['GET', /^\/processes\/([^/]+)\/log$/, readLog],
  [
    'POST',
    /^\/stop$/,
    async ({ stop, query }) => {
      await stop(query.get('force') === 'true');
      return {};
    },
  ],
];

/**
 * Serves the agent's API on a unix socket that only its user may open. A socket file that lies there
 * is a dead agent's: the caller holds the zone's lock.
 * @param stop stops the zone; the agent ends when its answer was sent
 */
export async function serveApi(socket: string, zone: Zone, stop: Stop): Promise<Server> {
  const server = createServer((request, response) => {
    response.once('error', () => response.destroy());
    void answer(zone, stop, request, response);
  });
  await rm(socket, { force: true });
  server.listen(socket);
  await once(server, 'listening');
  await chmod(socket, 0o600);
  return server;
}

async function answer(
  zone: Zone,
  stop: Stop,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://agent');
    const value = await dispatch({ zone, stop, request, response, query: url.searchParams }, url);
    if (value !== undefined) {
      sendJson(response, 200, value);
    }
  } catch (caught) {
    const thrown = systemTrouble(caught) ?? caught;
    if (response.headersSent) {
      // A stream that breaks off is how its reader learns of it.
      response.destroy();
    } else if (thrown instanceof CodedError) {
      sendJson(response, statusOf(thrown.code), { code: thrown.code, message: thrown.message });
    } else {
      console.error(thrown);
      sendJson(response, 500, { code: 'AGENT_FAULT', message: messageOf(thrown) });
    }
  }
}

async function dispatch(call: Omit<Call, 'name'>, url: URL): Promise<object | undefined> {
  for (const [method, path, route] of ROUTES) {
    const match = method === call.request.method ? path.exec(url.pathname) : null;
    if (match !== null) {
      return route({ ...call, name: match[1] ?? '' });
    }
  }
  throw new CodedError(
    'REQUEST_INVALID',
    `Agent: it knows no ${call.request.method ?? ''} ${url.pathname}`,
  );
}

async function putAuthority({ zone, request }: Call): Promise<object> {
  const chain = chainSchema.safeParse(await bodyOf(request));
  if (!chain.success) {
    throw new CodedError('REQUEST_INVALID', 'Agent: /authority takes {certificate, root}');
  }
  return zone.putAuthority(chain.data);
}

async function readLog({ zone, name, query }: Call): Promise<object> {
  const lines = Number(query.get('lines') ?? DEFAULT_LOG_LINES);
  if (!Number.isInteger(lines) || lines < 1 || lines > MAX_LOG_LINES) {
    throw new CodedError(
      'REQUEST_INVALID',
      `Agent: lines must be 1 to ${MAX_LOG_LINES}, got ${query.get('lines') ?? ''}`,
    );
  }
  return Promise.resolve({ lines: zone.member(name).log.lastLines(lines) });
}

/** Streams a task's output; when the reader goes away, the task is stopped. */
async function runTask({ zone, name, query, response }: Call): Promise<undefined> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { log } = zone.member(name);
  const run = { arguments: query.getAll('argument'), stopped: gone.signal };
  const exit = await zone.runTask(name, run, async (child) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    await sendOutput(child, response, log);
  });
  await sendEvent(response, { exitCode: exit.code ?? SIGNALLED_EXIT_CODE });
  response.end();
}

/** As a shell reports a command that a signal has ended (128 and more). */
const SIGNALLED_EXIT_CODE = 128;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) {
      throw new CodedError(
        'REQUEST_INVALID',
        `Agent: a request holds ${MAX_BODY_BYTES} bytes at most`,
      );
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (cause) {
    throw new CodedError('REQUEST_INVALID', `Agent: the request is not JSON`, { cause });
  }
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function statusOf(code: string): number {
  switch (code) {
    case 'PROCESS_UNKNOWN':
      return 404;
    case 'SPEC_INVALID':
    case 'SETTINGS_INVALID':
    case 'AUTHORITY_INVALID':
    case 'REQUEST_INVALID':
      return 400;
    default:
      return 409;
  }
}
