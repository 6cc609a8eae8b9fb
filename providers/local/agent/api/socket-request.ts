import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { errorBodySchema } from './status.ts';

/** What is asked of which agent. */
export interface Target {
  readonly zone: string;
  readonly socket: string;
  readonly method: string;
  readonly path: string;
  /** @default what stopping a zone may take */
  readonly timeoutMs?: number | undefined;
}

/** Stopping a zone takes the longest grace of its processes, twice; nothing else takes long. */
const ANSWER_TIMEOUT_MS = 660_000;

/** Sends a JSON request over the agent's unix socket and checks the shape of the answer. */
export async function requestJson<T>(
  target: Target,
  schema: z.ZodType<T>,
  body?: unknown,
): Promise<T> {
  const response = await send(target, body, target.timeoutMs ?? ANSWER_TIMEOUT_MS);
  const answer: unknown = JSON.parse(await textOf(response));
  if (response.statusCode !== 200) {
    throw refusal(answer);
  }
  const parsed = schema.safeParse(answer);
  if (!parsed.success) {
    throw new CodedError(
      'AGENT_OTHER_VERSION',
      `Zone '${target.zone}': its agent runs other code than this clone's and is not understood; 'npm stop' ends it, and 'npm start' replaces it`,
      { cause: parsed.error },
    );
  }
  return parsed.data;
}

/** Sends a request whose answer is a stream of lines; breaks off with AGENT_NOT_RUNNING. */
export async function* openStream(target: Target): AsyncGenerator<string, void, undefined> {
  const response = await send(target, undefined, 0);
  if (response.statusCode !== 200) {
    throw refusal(JSON.parse(await textOf(response)));
  }
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (thrown) {
    throw notRunning(target, thrown);
  } finally {
    response.destroy();
  }
}

function send(target: Target, body: unknown, timeoutMs: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath: target.socket,
        method: target.method,
        path: target.path,
        headers: { 'content-type': 'application/json', connection: 'close' },
      },
      resolve,
    );
    outgoing.setTimeout(timeoutMs, () =>
      outgoing.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`)),
    );
    outgoing.once('error', (cause) => reject(notRunning(target, cause)));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(answer: unknown): CodedError {
  const { code, message } = errorBodySchema.parse(answer);
  return new CodedError(code, message);
}

function notRunning(target: Target, cause: unknown): CodedError {
  return new CodedError(
    'AGENT_NOT_RUNNING',
    `Zone '${target.zone}': its agent does not answer on ${target.socket} (${messageOf(cause)}); 'npm start' starts it`,
    { cause },
  );
}
