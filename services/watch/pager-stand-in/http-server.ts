import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STAND_IN_HEALTH_PATH } from '@meridian/language/stand-in-configuration.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { EVENT_MAX_BYTES, readEvent } from './event.ts';
import type { Heartbeats } from './heartbeats.ts';
import type { Incidents } from './incidents.ts';
import type { Trouble } from './trouble.ts';

/** What the server needs of its world. */
export interface PagerServerOptions {
  readonly incidents: Incidents;
  readonly heartbeats: Heartbeats;
  readonly trouble: Trouble;
  /** Keys that senders may present; read at each event. */
  readonly routingKeys: () => readonly string[];
  readonly log: (message: string) => void;
}

/** What became of the events that were sent, since the start. */
interface Counts {
  accepted: number;
  refused: number;
  throttled: number;
  failed: number;
}

/** What is sent back, as JSON. */
interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Where events are sent, as at PagerDuty. */
const ENQUEUE_PATH = '/v2/enqueue';

/** Where whoever watches says that it does. */
const HEARTBEAT_PATH = '/heartbeat';

/** What of it is the stand-in's own: which incidents there are. */
const INCIDENTS_PATH = '/stand-in/incidents';

/** PagerDuty's Events API v2, a heartbeat, and what came of both. */
export function createPagerServer(options: PagerServerOptions): Server {
  const counts: Counts = { accepted: 0, refused: 0, throttled: 0, failed: 0 };
  return createServer((request, response) => {
    replyTo(request, options, counts)
      .catch((error: unknown): Reply => {
        options.log(`request failed: ${messageOf(error)}`);
        return { status: 500, body: { status: 'error', message: 'Internal Server Error' } };
      })
      .then(
        (reply) => send(response, reply),
        (error: unknown) => options.log(`no answer could be sent: ${messageOf(error)}`),
      );
  });
}

async function replyTo(
  request: IncomingMessage,
  options: PagerServerOptions,
  counts: Counts,
): Promise<Reply> {
  const { pathname } = new URL(request.url ?? '/', 'http://stand-in');
  const asked = `${request.method ?? ''} ${pathname}`;
  switch (asked) {
    case `GET ${STAND_IN_HEALTH_PATH}`:
      return { status: 200, body: { standsIn: true } };
    case `POST ${ENQUEUE_PATH}`:
      return enqueue(await bodyOf(request), options, counts);
    case `POST ${HEARTBEAT_PATH}`:
      return beat(await bodyOf(request), options);
    case `GET ${INCIDENTS_PATH}`: {
      const { incidents, heartbeats } = options;
      const lastHeartbeatAt = heartbeats.lastAt ?? null;
      return { status: 200, body: { incidents: incidents.all(), lastHeartbeatAt, counts } };
    }
    default:
      return { status: 404, body: { status: 'not found', message: `there is no ${asked}` } };
  }
}

/** The order is PagerDuty's: what is too large, what is not JSON, what is throttled, what is wrong. */
function enqueue(body: string | undefined, options: PagerServerOptions, counts: Counts): Reply {
  if (body === undefined) {
    counts.refused += 1;
    return { status: 413, body: { status: 'invalid event', message: 'Event is too large' } };
  }
  const trouble = options.trouble.draw();
  if (trouble === 429) {
    counts.throttled += 1;
    return { status: 429, body: { status: 'throttle exceeded', message: THROTTLED } };
  }
  if (trouble === 500) {
    counts.failed += 1;
    return { status: 500, body: { status: 'error', message: 'Internal Server Error' } };
  }
  const errors: string[] = [];
  const event = readEvent(parsed(body, errors), errors);
  if (errors.length === 0 && !options.routingKeys().includes(event.routingKey)) {
    errors.push("'routing_key' is not known");
  }
  if (errors.length > 0) {
    counts.refused += 1;
    options.log(`an event was refused: ${errors.join('; ')}`);
    return {
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors },
    };
  }
  counts.accepted += 1;
  const dedupKey = options.incidents.take(event, Date.now());
  options.log(`${event.action} ${dedupKey}: ${event.payload?.summary ?? ''}`);
  return {
    status: 202,
    body: { status: 'success', message: 'Event processed', dedup_key: dedupKey },
  };
}

const THROTTLED = 'Requests for this service are arriving too quickly.  Please retry later.';

/** A webhook of Alertmanager, version 4; the end of the alert is not a beat. */
function beat(body: string | undefined, { heartbeats }: PagerServerOptions): Reply {
  const given = parsed(body ?? '', []);
  const status = typeof given === 'object' && given !== null && 'status' in given;
  if (!status || given.status !== 'firing') {
    return { status: 400, body: { status: 'invalid', message: "'status' must be 'firing'" } };
  }
  heartbeats.beat(Date.now());
  return { status: 200, body: { status: 'success' } };
}

function parsed(body: string, errors: string[]): unknown {
  try {
    return JSON.parse(body);
  } catch {
    errors.push('JSON parse error');
    return undefined;
  }
}

/** The whole body; undefined where it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= EVENT_MAX_BYTES) chunks.push(chunk);
  }
  return bytes > EVENT_MAX_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
