import { createHash } from 'node:crypto';
import { roleCredentials } from '@meridian/kit/aws/role-credentials.ts';
import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { Agent, request } from 'undici';
import { amzDate, encodedPath, encodedQuery, sha256, signed } from './signature.ts';
import type { AccessKey } from './signature.ts';
import { StoreTrouble, troubleOf } from './store-trouble.ts';

/** How a store is asked; the defaults are for production. */
export interface ObjectStoreOptions {
  /** How long it may take for one request. @default 10 seconds */
  readonly timeoutMs?: number;
  /** Keys on a page at most. @default as many as the store gives, a thousand with S3 */
  readonly pageKeys?: number;
  /** @default the clock of this machine */
  readonly now?: () => Date;
}

const TIMEOUT_MS = 10_000;

/** A page of a list has a thousand keys, each with a few hundred bytes of XML. */
const ANSWER_MAX_BYTES = 2 * 2 ** 20;
const CONNECTIONS = 4;

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A key of somebody, or one of a role for a while, which a session goes with. */
interface SessionKey extends AccessKey {
  readonly session?: string;
}

interface Asked {
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly onlyNew?: boolean;
}

/** Keys in order, and whether there are more. */
export interface KeyPage {
  readonly keys: readonly string[];
  readonly more: boolean;
}

/**
 * A bucket of an object store that speaks the S3 API, addressed by path as all of them but the oldest clouds
 * allow. Every call throws StoreTrouble; none is repeated here.
 */
export class ObjectStore {
  readonly #binding: ExternalBinding;
  readonly #bucket: string;
  readonly #region: string;
  readonly #options: ObjectStoreOptions;
  readonly #timeoutMs: number;
  readonly #ofRole = roleCredentials();
  readonly #agent = new Agent({ connections: CONNECTIONS, pipelining: 1 });

  constructor(binding: ExternalBinding, options: ObjectStoreOptions = {}) {
    this.#binding = binding;
    this.#bucket = binding.parameter('bucket');
    this.#region = binding.parameter('region');
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /** Where it is, for messages. */
  get place(): string {
    return `${this.#binding.uri}${this.#path}`;
  }

  /** Of the bucket; nothing where the address is that of the bucket. */
  get #path(): string {
    return this.#bucket === '' ? '' : `/${this.#bucket}`;
  }

  /** The object's content, '' where it is longer than anything of ours; undefined where there is none. */
  async get(key: string): Promise<string | undefined> {
    const reply = await this.#call('GET', { key });
    if (reply.status === 200) return reply.text;
    if (reply.status === 404 && codeOf(reply) !== 'NoSuchBucket') return undefined;
    throw this.#troubleOf(reply, `read ${key}`);
  }

  /** Writes an object, whatever was there; what was there stays as an older version. */
  async put(key: string, body: string): Promise<void> {
    const reply = await this.#call('PUT', { key, body });
    if (reply.status !== 200) throw this.#troubleOf(reply, `write ${key}`);
  }

  /** Writes an object unless there is one: 'there' then, and 'unable' of a store that knows no condition. */
  async putNew(key: string, body: string): Promise<'written' | 'there' | 'unable'> {
    const reply = await this.#call('PUT', { key, body, onlyNew: true });
    if (reply.status === 200) return 'written';
    if (reply.status === 412) return 'there';
    if (reply.status === 501) return 'unable';
    throw this.#troubleOf(reply, `write ${key}`);
  }

  /** The next keys of a prefix after one of them. */
  async keysAfter(prefix: string, after: string): Promise<KeyPage> {
    const { pageKeys } = this.#options;
    const query = {
      ...{ 'list-type': '2', prefix, 'start-after': after },
      ...(pageKeys === undefined ? {} : { 'max-keys': String(pageKeys) }),
    };
    const reply = await this.#call('GET', { query });
    if (reply.status !== 200) throw this.#troubleOf(reply, `list ${prefix}`);
    const listed = [...reply.text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
    const more = /<IsTruncated>\s*true\s*</.test(reply.text);
    // Some stores begin with the key itself (rustfs/rustfs#1165), or know no start at all.
    const keys = listed.filter((key) => key > after);
    if (!/<ListBucketResult[\s>]/.test(reply.text) || (more && keys.length === 0)) {
      throw new StoreTrouble(
        'unexpected',
        `Checkpoint store ${this.place}: must list keys after a given one (ListObjectsV2, start-after), got ${listed.length} others; use a store that does`,
      );
    }
    return { keys, more };
  }

  /** Whether it keeps every version of an object; 'untold' where this key, or this store, does not say. */
  async versioning(): Promise<'kept' | 'lost' | 'untold'> {
    const reply = await this.#call('GET', { query: { versioning: '' } });
    const code = codeOf(reply);
    if (reply.status === 200) {
      return /<Status>\s*Enabled\s*</.test(reply.text) ? 'kept' : 'lost';
    }
    if (reply.status === 501 || code === 'AccessDenied' || code === 'MethodNotAllowed') {
      return 'untold';
    }
    throw this.#troubleOf(reply, 'ask whether it keeps versions');
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #call(method: 'GET' | 'PUT', asked: Asked): Promise<Reply> {
    const { key, query = {}, body } = asked;
    const path = `${this.#path}${key === undefined ? '' : `/${key}`}`;
    const { origin, host } = new URL(this.#binding.uri);
    const search = key === undefined ? `?${encodedQuery(query)}` : '';
    const asks = {
      host,
      'x-amz-content-sha256': sha256(body ?? ''),
      'x-amz-date': amzDate(this.#options.now?.() ?? new Date()),
      // What a bucket with a default of Object Lock asks for, and all stores know.
      ...(body === undefined ? {} : { 'content-md5': md5(body), 'content-type': 'text/plain' }),
      ...(asked.onlyNew === true ? { 'if-none-match': '*' } : {}),
    };
    // Outside of what follows: who cannot read a binding says nothing of the store.
    const ofSecrets = this.#binding.byRole === true ? undefined : this.#keyOfSecrets();
    try {
      const { session, ...known } = ofSecrets ?? (await this.#keyOfRole());
      const headers = {
        ...asks,
        ...(session === undefined ? {} : { 'x-amz-security-token': session }),
      };
      // Whoever has no key may read a bucket that is public.
      const proof =
        known.id === ''
          ? {}
          : { authorization: signed({ method, path, query, headers }, known, this.#region) };
      const answer = await request(`${origin}${encodedPath(path)}${search}`, {
        method,
        headers: { ...headers, ...proof },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(this.#timeoutMs),
        dispatcher: this.#agent,
      });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: await read(answer.body, key !== undefined),
      };
    } catch (cause) {
      throw new StoreTrouble(
        'away',
        `Checkpoint store ${this.place}: must answer within ${this.#timeoutMs / 1_000} seconds, got none (${messageOf(cause)}); it is asked again`,
        { cause },
      );
    }
  }

  #keyOfSecrets(): SessionKey {
    const [id] = this.#binding.secrets('access-key-id');
    const [secret] = this.#binding.secrets('secret-access-key');
    return { id, secret };
  }

  async #keyOfRole(): Promise<SessionKey> {
    const { accessKeyId, secretAccessKey, sessionToken } = await this.#ofRole();
    return { id: accessKeyId, secret: secretAccessKey, session: sessionToken };
  }

  #troubleOf(reply: Reply, did: string): StoreTrouble {
    const { status, text, headers } = reply;
    const region = headers['x-amz-bucket-region'] ?? /<Region>([\w-]+)<\/Region>/.exec(text)?.[1];
    return troubleOf(this.place, did, {
      status,
      code: codeOf(reply),
      region: region?.toString(),
      date: headers['date']?.toString(),
    });
  }
}

/** S3's word for what went wrong; anything but a word of letters is not repeated. */
function codeOf({ text }: Reply): string {
  return /<Code>([A-Za-z.]{1,64})<\/Code>/.exec(text)?.[1] ?? '';
}

function md5(body: string): string {
  return createHash('md5').update(body).digest('base64');
}

async function read(body: AsyncIterable<Buffer>, isObject: boolean): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Whatever somebody else wrote there: it must not look like a store that is away.
    if (bytes > ANSWER_MAX_BYTES && isObject) return '';
    if (bytes > ANSWER_MAX_BYTES) throw new Error(`over ${ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
