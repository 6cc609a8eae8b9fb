import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import { PRODUCT_INDEX } from './index-mapping.ts';

/** Making an index or moving an alias waits for every node of a cluster. */
const CHANGE_TIMEOUT_MS = 30_000;

/** An index that is there, with the aliases that lead to it. */
export interface ExistingIndex {
  readonly name: string;
  readonly aliases: readonly string[];
}

/** Makes, finds and removes indices of products, and moves the alias that searches use. */
export class IndexAdmin {
  readonly #search: Elasticsearch;

  constructor(search: Elasticsearch) {
    this.#search = search;
  }

  /** The name of an index that is built; whatever begins like the alias and a dot is this service's. */
  nameOf(build: string): string {
    return `${this.#search.index}.${build}`;
  }

  /** The alias by which an index is written while it is built; it goes with the index. */
  buildAlias(build: string): string {
    return `${this.nameOf(build)}.build`;
  }

  /** Makes an empty index, with its alias. */
  async create(build: string): Promise<void> {
    const body = { ...PRODUCT_INDEX, aliases: { [this.buildAlias(build)]: {} } };
    await this.#change('create_index', 'PUT', `/${this.nameOf(build)}`, body);
  }

  /** All indices of products, those that are built or left behind too. */
  async list(): Promise<readonly ExistingIndex[]> {
    const { body } = await this.#search.request('get_alias', {
      method: 'GET',
      path: `/${this.#search.index}.*/_alias`,
      timeoutMs: CHANGE_TIMEOUT_MS,
      allowed: [404],
    });
    const answer = (body ?? {}) as Readonly<
      Record<string, { readonly aliases?: Readonly<Record<string, object>> }>
    >;
    return Object.entries(answer)
      .filter(([name]) => this.#isOfProducts(name))
      .map(([name, { aliases = {} }]) => ({ name, aliases: Object.keys(aliases) }));
  }

  /** The index that searches use; undefined if there is none. */
  async current(): Promise<string | undefined> {
    const all = await this.list();
    return all.find(({ aliases }) => aliases.includes(this.#search.index))?.name;
  }

  /** Lets searches use another index from one moment to the next; fails if it has gone. */
  async switchTo(build: string): Promise<void> {
    const alias = this.#search.index;
    const index = this.nameOf(build);
    const previous = await this.current();
    await this.#change('update_aliases', 'POST', '/_aliases', {
      actions: [
        ...(previous === undefined || previous === index
          ? []
          : [{ remove: { index: previous, alias, must_exist: true } }]),
        { add: { index, alias } },
      ],
    });
  }

  /** Removes an index; whoever writes it by its alias is refused from then on. */
  async remove(name: string): Promise<void> {
    const path = `/${encodeURIComponent(name)}`;
    const timeoutMs = CHANGE_TIMEOUT_MS;
    await this.#search.request('delete_index', {
      method: 'DELETE',
      path,
      timeoutMs,
      allowed: [404],
    });
  }

  /** Has searches of an index see all that was written to it. */
  async refresh(build: string): Promise<void> {
    await this.#change('refresh', 'POST', `/${this.nameOf(build)}/_refresh`);
  }

  /** Whether it is an index of products: the record of rebuilds is none. */
  #isOfProducts(name: string): boolean {
    return BUILD_NAME.test(name.slice(this.#search.index.length + 1));
  }

  async #change(
    operation: string,
    method: 'POST' | 'PUT',
    path: string,
    body?: object,
  ): Promise<void> {
    const limits = { timeoutMs: CHANGE_TIMEOUT_MS };
    await this.#search.request(operation, {
      method,
      path,
      ...limits,
      ...(body === undefined ? {} : { body }),
    });
  }
}

/** How builds are called: by when they began, so that a list of them tells. */
const BUILD_NAME = /^b[0-9a-z-]+$/;

/** The name of a build that begins now. */
export function newBuild(now: Date, random: string): string {
  return `b${now
    .toISOString()
    .replace(/[^0-9]/gu, '')
    .slice(0, 14)}-${random}`;
}
