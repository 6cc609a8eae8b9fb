import { rememberPlace } from '@meridian/language/declared-place.ts';

/** What every store has, whatever its engine. */
interface StoreProps<Name extends string> {
  /** Unique among the stores of its kind; a lower-case RFC 1123 label. */
  readonly name: Name;
  /** Whether the service's code uses it yet; a store nobody uses is not landed. @default true */
  readonly implemented?: boolean;
}

/** A PostgreSQL database as given. */
export interface PostgresStoreProps<Name extends string> extends StoreProps<Name> {
  /** Folder of numbered SQL migrations, relative to the program's root. */
  readonly migrations: string;
  /** Tables whose rows the service adds and never changes: its role may not. @default [] */
  readonly appendOnly?: readonly string[];
  /**
   * Connections that each process opens by `dedicate`, beside its pool: sessions that live as long as it
   * does, such as one that listens. The relay's and readiness' own are counted anyway. @default 0
   */
  readonly sessions?: number;
  /**
   * For how many days the rows of `appendOnly` hold what may move to an archive later; null is for ever. A stack
   * may say another number of a store that has one. @default nothing of it ever moves
   */
  readonly keepDays?: number | null;
}

/** A declared PostgreSQL database; a service reads it through the binding folder `binding`. */
export interface PostgresStore<Name extends string = string>
  extends
    Required<Omit<PostgresStoreProps<Name>, 'keepDays'>>,
    Pick<PostgresStoreProps<Name>, 'keepDays'> {
  readonly kind: 'postgres';
  readonly binding: `${Name}-postgres`;
}

/** A declared Redis key space; what it holds may be lost. */
export interface RedisStore<Name extends string = string> extends Required<StoreProps<Name>> {
  readonly kind: 'redis';
  readonly binding: `${Name}-redis`;
}

/** A declared search index; what it holds can be built again from what its service reads. */
export interface SearchIndexStore<Name extends string = string> extends Required<StoreProps<Name>> {
  readonly kind: 'elasticsearch';
  readonly binding: `${Name}-elasticsearch`;
}

/** Any store that a service can declare. */
export type Store<Name extends string = string> =
  PostgresStore<Name> | RedisStore<Name> | SearchIndexStore<Name>;

/** A value for each member, which the compiler holds to the type. */
const OF_ANY: Readonly<Record<keyof (RedisStore | SearchIndexStore), true>> = {
  ...{ kind: true, name: true, binding: true, implemented: true },
};

const OF_POSTGRES: Readonly<Record<keyof PostgresStore, true>> = {
  ...{ ...OF_ANY, migrations: true, appendOnly: true, sessions: true, keepDays: true },
};

/** The members that a store can have, by its kind. */
export const STORE_MEMBERS: Readonly<Record<Store['kind'], Readonly<Record<string, true>>>> = {
  postgres: OF_POSTGRES,
  redis: OF_ANY,
  elasticsearch: OF_ANY,
};

/** Whether a store is a database: with tables, an owner and migrations. */
export function isDatabase(store: Store): store is PostgresStore {
  return store.kind === 'postgres';
}

/** Declares a PostgreSQL database of a service's own: the place for truth. */
export function postgres<const Name extends string>(
  props: PostgresStoreProps<Name>,
): PostgresStore<Name> {
  const declared: PostgresStore<Name> = {
    kind: 'postgres',
    binding: `${props.name}-postgres`,
    appendOnly: [],
    sessions: 0,
    implemented: true,
    ...props,
  };
  return rememberPlace(declared, postgres);
}

/** Declares a Redis key space of a service's own: the place for what may be lost. */
export function redis<const Name extends string>(props: StoreProps<Name>): RedisStore<Name> {
  const declared: RedisStore<Name> = {
    kind: 'redis',
    binding: `${props.name}-redis`,
    implemented: true,
    ...props,
  };
  return rememberPlace(declared, redis);
}

/** Declares an Elasticsearch index of a service's own: the place for search. */
export function searchIndex<const Name extends string>(
  props: StoreProps<Name>,
): SearchIndexStore<Name> {
  const declared: SearchIndexStore<Name> = {
    kind: 'elasticsearch',
    binding: `${props.name}-elasticsearch`,
    implemented: true,
    ...props,
  };
  return rememberPlace(declared, searchIndex);
}
