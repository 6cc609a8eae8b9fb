import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ApiError, troubleOfStatus } from './api-error.ts';
import type { ApiTrouble } from './api-error.ts';

/** Where a pod finds the token of its ServiceAccount and the certificate of the cluster. */
const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

const REQUEST_TIMEOUT_MS = 10_000;

/** Where the API server is and with what we show who we are. */
export interface ApiPlace {
  readonly host: string;
  readonly port: number;
  /** Folder of `token` and `ca.crt`. */
  readonly credentials: string;
}

/** What the API server knows of any object. */
export interface ApiObject {
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/**
 * The API server as a pod sees it (Kubernetes, "Accessing the Kubernetes API from a Pod").
 * MERIDIAN_SERVICE_ACCOUNT names another folder of token and certificate.
 */
export function placeInCluster(environment: NodeJS.ProcessEnv): ApiPlace {
  return {
    host: environment['KUBERNETES_SERVICE_HOST'] ?? 'kubernetes.default.svc',
    port: Number(environment['KUBERNETES_SERVICE_PORT'] ?? 443),
    credentials: environment['MERIDIAN_SERVICE_ACCOUNT'] ?? SERVICE_ACCOUNT_FOLDER,
  };
}

/** Reads and writes objects by their path. */
export class ApiClient {
  readonly #place: ApiPlace;

  constructor(place: ApiPlace) {
    this.#place = place;
  }

  /** The object, or undefined when there is none. Throws ApiError API_REFUSED, API_NOT_REACHED. */
  async find<T extends ApiObject>(path: string): Promise<T | undefined> {
    const { status, body } = await this.#send('GET', path);
    if (status === 404) return undefined;
    // What is asked for holds nothing secret, and the answer says which right is missing.
    if (status !== 200) throw refused('GET', path, status, messageIn(body));
    return parsed(path, body) as T;
  }

  /** Makes an object in a collection. Throws ApiError API_REFUSED, API_NOT_REACHED. */
  async create(collection: string, object: object): Promise<void> {
    await this.#write('POST', collection, object);
  }

  /** Replaces an object of the version that it was read as. Throws as `create`. */
  async replace(path: string, object: object): Promise<void> {
    await this.#write('PUT', path, object);
  }

  async #write(method: 'POST' | 'PUT', path: string, object: object): Promise<void> {
    const { status } = await this.#send(method, path, JSON.stringify(object));
    // Not what the answer says: it may quote what was sent.
    if (status !== 200 && status !== 201) throw refused(method, path, status, 'no detail is shown');
  }

  async #send(
    method: string,
    path: string,
    payload?: string,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const { host, port, credentials } = this.#place;
    const unreached = (cause: unknown, trouble: ApiTrouble): ApiError =>
      new ApiError(
        'API_NOT_REACHED',
        `API server ${host}:${port}: does not answer ${method} ${path} (${(cause as Error).message}); NetworkPolicies and the setting 'apiServerNetwork' must allow it`,
        trouble,
        { cause },
      );
    const [ca, token] = await Promise.all([
      readFile(join(credentials, 'ca.crt')),
      // Read each time: the kubelet renews it.
      readFile(join(credentials, 'token'), 'utf8'),
    ]).catch((cause: unknown) => {
      // What was not mounted at the start never is.
      throw unreached(cause, 'lasting');
    });
    try {
      return await new Promise((resolve, reject) => {
        const sent = request(
          {
            ...{ method, host, port, path, ca },
            headers: {
              authorization: `Bearer ${token.trim()}`,
              accept: 'application/json',
              ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
            },
            signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
            agent: false,
          },
          (answer) => {
            text(answer).then(
              (body) => resolve({ status: answer.statusCode ?? 0, body }),
              (error: unknown) => reject(error as Error),
            );
          },
        );
        sent.on('error', reject).end(payload);
      });
    } catch (cause) {
      throw unreached(cause, 'passing');
    }
  }
}

function refused(method: string, path: string, status: number, message: string): ApiError {
  return new ApiError(
    'API_REFUSED',
    `API server: ${method} ${path} got ${status}: ${message}`,
    troubleOfStatus(status),
  );
}

/** An answer that is not JSON is of something that stands in for the API server for now. */
function parsed(path: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new ApiError('API_REFUSED', `API server: GET ${path} got no JSON`, 'passing', { cause });
  }
}

/** A Status of the API's, or whatever stands in front of it. */
function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' ? message : 'it says nothing';
  } catch {
    return 'it says nothing in JSON';
  }
}
