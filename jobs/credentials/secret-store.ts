import { isDeepStrictEqual } from 'node:util';
import type { ApiClient, ApiObject } from '../kubernetes/api-client.ts';

/** Says of which generation the passwords in a Secret are. */
const GENERATION = 'meridian/password-generation';

/** A Secret as this program writes it. */
export interface WantedSecret {
  readonly namespace: string;
  readonly name: string;
  /** It cannot be changed later. */
  readonly type: string;
  readonly values: Readonly<Record<string, string>>;
}

/** A Secret as it is. */
export interface FoundSecret {
  readonly generation: number | undefined;
  readonly values: Readonly<Record<string, string>>;
}

interface SecretObject extends ApiObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** Secrets of a cluster. */
export class SecretStore {
  readonly #api: ApiClient;
  readonly #generation: number;

  constructor(api: ApiClient, generation: number) {
    this.#api = api;
    this.#generation = generation;
  }

  /** The Secret, or undefined when there is none. */
  async find(namespace: string, name: string): Promise<FoundSecret | undefined> {
    const object = await this.#api.find<SecretObject>(pathOf(namespace, name));
    if (object === undefined) return undefined;
    const generation = object.metadata.annotations?.[GENERATION];
    return {
      generation: generation === undefined ? undefined : Number(generation),
      values: valuesOf(object),
    };
  }

  /** Makes the Secret, or makes one that is there be as wanted; writes nothing when it is. */
  async ensure({ namespace, name, type, values }: WantedSecret): Promise<void> {
    const path = pathOf(namespace, name);
    const object = await this.#api.find<SecretObject>(path);
    const annotations = { [GENERATION]: String(this.#generation) };
    const wanted = { apiVersion: 'v1', kind: 'Secret', type, stringData: values };
    if (object === undefined) {
      const metadata = { name, namespace, annotations };
      await this.#api.create(`/api/v1/namespaces/${namespace}/secrets`, { ...wanted, metadata });
      return;
    }
    const { resourceVersion, annotations: others = {} } = object.metadata;
    const isGeneration = others[GENERATION] === annotations[GENERATION];
    if (isGeneration && isDeepStrictEqual(valuesOf(object), { ...values })) return;
    const metadata = {
      name,
      namespace,
      resourceVersion,
      annotations: { ...others, ...annotations },
    };
    // A replaced object has only what is in the new one, so no value of before stays.
    await this.#api.replace(path, { ...wanted, metadata });
  }
}

function pathOf(namespace: string, name: string): string {
  return `/api/v1/namespaces/${namespace}/secrets/${name}`;
}

function valuesOf({ data = {} }: SecretObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}
