import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands in for a cloud answers: a status, and a document or what is written as one. */
export interface StandInAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** Gives the answer to one operation; by what was asked, as the protocol has it: fields of a form, or JSON. */
export type Operation = (asked: Readonly<Record<string, unknown>>) => StandInAnswer | 'silence';

/** What was asked of the stand-in. */
export interface Asked {
  readonly operation: string;
  readonly authorization: string;
}

/** Stands in for AWS and Cloudflare on this machine: it speaks their protocols, and knows what a test has told it. */
export interface CloudsStandIn extends Disposable {
  readonly url: string;
  readonly asked: readonly Asked[];
}

/**
 * Starts it. Operations are known by the name of the action (query protocols of EC2, STS, RDS, ElastiCache and Elastic Load
 * Balancing), of the target (JSON protocols), or by method and path (REST protocols of EKS and MSK, and Cloudflare).
 */
export async function cloudsStandIn(
  operations: Readonly<Record<string, Operation>>,
): Promise<CloudsStandIn> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { operation, fields, isQuery } = await read(request);
      asked.push({ operation, authorization: request.headers.authorization ?? '' });
      const answer = operations[operation]?.(fields) ?? {
        status: 400,
        body: isQuery ? queryError('NotOfTheStandIn', operation) : { message: operation },
      };
      if (answer === 'silence') return;
      const { status = 200, body } = answer;
      const type = isQuery ? 'text/xml' : 'application/json';
      const target =
        request.headers['x-amz-target'] === undefined ? type : 'application/x-amz-json-1.1';
      response.writeHead(status, { 'content-type': target });
      response.end(isQuery ? responseOf(operation, body) : JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.dispose]: () => {
      end(server);
    },
  };
}

function end(server: Server): void {
  server.closeAllConnections();
  server.close();
}

/** An error as the query protocols have it; EC2 has its own form, which both readers find here. */
export function queryError(code: string, message: string): unknown {
  const error = { Type: 'Sender', Code: code, Message: message };
  return { Error: error, Errors: { Error: error } };
}

async function read(request: IncomingMessage) {
  let text = '';
  for await (const part of request) text += String(part);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const fields = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return { operation: target.split('.').at(-1) ?? '', fields, isQuery: false };
  }
  if (request.method === 'POST') {
    const fields = Object.fromEntries(new URLSearchParams(text));
    return { operation: fields['Action'] ?? '', fields, isQuery: true };
  }
  const fields = Object.fromEntries(searchParams);
  return { operation: `${request.method ?? ''} ${pathname}`, fields, isQuery: false };
}

/** A document of the query protocols: EC2 reads what is in the response, the others what is in its result. */
function responseOf(operation: string, body: unknown): string {
  const inside = xml(body);
  return `<${operation}Response>${inside}<${operation}Result>${inside}</${operation}Result></${operation}Response>`;
}

/** An object as elements; a list repeats its own. */
function xml(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value as Readonly<Record<string, unknown>>)
    .flatMap(([name, held]) =>
      (Array.isArray(held) ? (held as readonly unknown[]) : [held]).map(
        (one) => `<${name}>${xml(one)}</${name}>`,
      ),
    )
    .join('');
}
