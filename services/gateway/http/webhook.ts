import type { Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { HttpProblem } from '../problem/http-problem.ts';
import { decodeRequest } from '../transcode/decode-request.ts';
import { encodeResponse } from '../transcode/encode-response.ts';
import type { HttpBinding, WebhookFields } from '../transcode/http-binding.ts';
import { LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import { checkBody, contentTooLarge, countHeader } from './request-checks.ts';
import { callFor, sendAnswer } from './respond.ts';
import type { RpcDestination, Transcoder } from './respond.ts';

/**
 * Checks what can be refused of a webhook before its body is read.
 *
 * @throws {HttpProblem} 400, 413 or 415.
 */
export function checkWebhook(
  request: IncomingMessage,
  query: string,
  { headerNames }: WebhookFields,
  limits: Limits,
): void {
  if (query !== '') throw malformed('A webhook has no query.');
  // Which of them was meant could be read differently by who checks a signature and who acts.
  const twice = headerNames.find((name) => countHeader(request.rawHeaders, name) > 1);
  if (twice !== undefined) throw malformed(`There must be at most one ${twice} header.`);
  checkBody(request, 'raw', { bodyBytes: limits.webhookBytes });
}

/** Hands a webhook to its method as it was received; on behalf of nobody, since nobody has proved anything. */
export async function answerWebhook(
  request: FastifyRequest,
  reply: FastifyReply,
  { binding, pathValues }: RpcDestination,
  transcoder: Transcoder,
): Promise<FastifyReply> {
  const { webhook } = binding;
  if (webhook === undefined) throw new Error('a request that is not a webhook was taken for one');
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const bodyBytes = (transcoder.limits ?? LIMITS).webhookBytes;
  // One that was sent in chunks announces no length.
  if (body.length > bodyBytes) throw contentTooLarge({ bodyBytes });
  const message = decodeRequest(binding, { pathValues, query: '', body: '' });
  mergeReceived(binding, message, webhook, { body, headers: request.headers });
  const answer = await callFor(request, reply, transcoder, {}, (signal) =>
    transcoder.invoke(binding.method, message, { signal }),
  );
  return sendAnswer(request, reply, encodeResponse(binding, answer), undefined);
}

/** The bytes, and those of the headers that the contract names. */
function mergeReceived(
  { method }: HttpBinding,
  message: Message,
  webhook: WebhookFields,
  received: { readonly body: Uint8Array; readonly headers: IncomingHttpHeaders },
): void {
  const request = reflect(method.input, message);
  request.set(webhook.body, received.body);
  const headers = request.get(webhook.headers);
  for (const name of webhook.headerNames) {
    const value = received.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
}

function malformed(detail: string): HttpProblem {
  return new HttpProblem('malformed-request', { detail });
}
