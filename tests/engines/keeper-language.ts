import type { SavedAuthority } from '@meridian/kit/testing/authority.ts';
import type { IndexAccess } from './index-access.ts';

/** Names the environment variable with the path of the socket of the run's `EngineKeeper`. */
export const KEEPER_SOCKET = 'MERIDIAN_TEST_ENGINES';

/** What a suite asks of the run's engines. */
export type Question =
  | { readonly about: 'authority' }
  | { readonly about: 'postgres' }
  | { readonly about: 'kafka' }
  /** A user of Elasticsearch who has an index of its own; nothing is in it, nor is it there. */
  | { readonly about: 'index'; readonly name: string }
  /** A new database with the tables of a folder of migrations, for a service role of its name. */
  | { readonly about: 'database'; readonly name: string; readonly migrations: string };

/** What it is told. */
export interface Answers {
  /** Who issues the certificates of the engines and of their clients. */
  readonly authority: SavedAuthority;
  readonly postgres: { readonly socketFolder: string; readonly port: number };
  readonly kafka: {
    readonly brokers: readonly { readonly address: string; readonly port: number }[];
  };
  /** Its index's name begins with the given one. */
  readonly index: IndexAccess;
  /** The name that the database and its role got. */
  readonly database: { readonly name: string };
}
