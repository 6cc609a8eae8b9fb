import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { startKubectlProxy } from './kubectl-proxy.ts';
import type { ClusterAccess, KubectlProxy } from './kubectl-proxy.ts';

/** Questions on their way at the same time; the API server has some hundred places for all of its callers. */
const CONNECTIONS_MAX = 16;

const REQUEST_TIMEOUT_MS = 30_000;

/** What is asked of the API server. */
export interface Question {
  /** @default GET */
  readonly method?: 'GET' | 'PATCH' | 'PUT';
  /** Below the server's root, with its query. */
  readonly path: string;
  /** JSON, and what it is. @default nothing is sent */
  readonly body?: object;
  /** @default application/json */
  readonly contentType?: string;
  /** @default application/json */
  readonly accept?: string;
}

/** What the API server says to it: an object, a list or a Status. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The API server of a cluster, as kubectl reaches it: whatever a kubeconfig may say of certificates, tokens and programs
 * that make them is kubectl's business.
 */
export class ClusterApi implements AsyncDisposable {
  readonly #proxy: KubectlProxy;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX });

  private constructor(proxy: KubectlProxy) {
    this.#proxy = proxy;
  }

  /** Throws CodedError CLIENT_MISSING without kubectl, CLUSTER_NOT_REACHED. */
  static async open(access: ClusterAccess): Promise<ClusterApi> {
    const api = new ClusterApi(await startKubectlProxy(access));
    try {
      const { status, body } = await api.ask({ path: '/version' });
      if (status !== 200) throw notReached(`${status} ${statusMessage(body)}`);
      return api;
    } catch (error) {
      await api.close();
      throw error;
    }
  }

  /** Any answer is one, a refusal too. Throws CodedError CLUSTER_NOT_REACHED where there is none. */
  async ask({
    method = 'GET',
    path,
    body,
    contentType = 'application/json',
    accept = 'application/json',
  }: Question): Promise<Answer> {
    const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    try {
      return await new Promise((resolve, reject) => {
        const call = request(
          {
            socketPath: this.#proxy.socket,
            method,
            path,
            agent: this.#agent,
            signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
            headers: {
              // The only name that kubectl's proxy takes requests for.
              host: 'localhost',
              accept,
              ...(sent === undefined
                ? {}
                : { 'content-type': contentType, 'content-length': sent.byteLength }),
            },
          },
          (response) => {
            text(response).then(
              (answer) => resolve({ status: response.statusCode ?? 0, body: parsed(answer) }),
              reject,
            );
          },
        );
        call.on('error', reject).end(sent);
      });
    } catch (cause) {
      throw notReached(messageOf(cause), { cause });
    }
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.#proxy.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** What a Status says, or whatever stands in front of the API server. */
export function statusMessage(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message);
  return typeof body === 'string' && body.trim() !== '' ? body.trim() : 'it says nothing';
}

function notReached(found: string, options?: ErrorOptions): CodedError {
  return new CodedError(
    'CLUSTER_NOT_REACHED',
    `API server of the cluster: must answer, got '${found}'; 'kubectl version' with the same kubeconfig and context says more`,
    options,
  );
}

/** JSON, or the text of what cannot be read as such. */
function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}
