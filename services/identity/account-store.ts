import { randomUUID } from 'node:crypto';
import type { Database, Session } from '@meridian/kit/postgres/database.ts';

/** What the stores need of a database. */
export type Transactions = Pick<Database, 'query' | 'transaction'>;

/** An account as it is stored, without its password. */
export interface Account {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly createTime: Date;
}

/** An account to be opened; everything is checked already. */
export interface NewAccount {
  readonly email: string;
  readonly emailKey: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  /** PHC string format. */
  readonly passwordHash: string;
}

/** What is to be another of an account. */
export interface AccountChange {
  readonly accountId: string;
  readonly roles: readonly string[];
  /** PHC string format; absent when the password stays. */
  readonly passwordHash?: string;
}

/** What signing in needs to know of an account. */
export interface Credentials {
  readonly accountId: string;
  readonly roles: readonly string[];
  readonly passwordHash: string;
}

interface AccountRow {
  readonly account_id: string;
  readonly email: string;
  readonly display_name: string;
  readonly roles: readonly string[];
  readonly create_time: Date;
}

const ACCOUNT_COLUMNS = 'account_id, email, display_name, roles, create_time';

/** The accounts in PostgreSQL. */
export class AccountStore {
  readonly #database: Transactions;

  constructor(database: Transactions) {
    this.#database = database;
  }

  /** Opens an account; undefined if the address has one already. */
  async create(account: NewAccount): Promise<Account | undefined> {
    const { email, emailKey, displayName, roles, passwordHash } = account;
    return this.#database.transaction(async (session) => {
      const [row] = await session.query<AccountRow>({
        name: 'create_account',
        text: `
          INSERT INTO accounts (account_id, email, email_key, display_name, roles, password_hash)
          VALUES ($1, $2, $3, $4, $5, $6)
          ON CONFLICT (email_key) DO NOTHING
          RETURNING ${ACCOUNT_COLUMNS}`,
        values: [randomUUID(), email, emailKey, displayName, roles, passwordHash],
      });
      return row === undefined ? undefined : toAccount(row);
    });
  }

  /** Changes an account, which must be there; `also` commits with it. */
  async update(
    { accountId, roles, passwordHash }: AccountChange,
    also: (session: Session) => Promise<void> = () => Promise.resolve(),
  ): Promise<Account> {
    return this.#database.transaction(async (session) => {
      const [row] = await session.query<AccountRow>({
        name: 'update_account',
        text: `
          UPDATE accounts SET roles = $2, password_hash = coalesce($3, password_hash)
          WHERE account_id = $1
          RETURNING ${ACCOUNT_COLUMNS}`,
        values: [accountId, roles, passwordHash ?? null],
      });
      if (row === undefined) throw new Error(`There is no account ${accountId} to change`);
      await also(session);
      return toAccount(row);
    });
  }

  /**
   * Whether a password is the account's still, and keeps it so until the transaction ends: a session
   * of the old one is opened before it changes, and ended with it, or not at all.
   */
  async holdPassword(
    { accountId, passwordHash }: Pick<Credentials, 'accountId' | 'passwordHash'>,
    session: Session,
  ): Promise<boolean> {
    const held = await session.query({
      name: 'hold_password',
      text: 'SELECT account_id FROM accounts WHERE account_id = $1 AND password_hash = $2 FOR SHARE',
      values: [accountId, passwordHash],
    });
    return held.length > 0;
  }

  /** The account with this id, which must have the form of one. */
  async get(accountId: string): Promise<Account | undefined> {
    const [row] = await this.#database.query<AccountRow>({
      name: 'get_account',
      text: `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE account_id = $1`,
      values: [accountId],
    });
    return row === undefined ? undefined : toAccount(row);
  }

  /** The account with this address. */
  async findCredentials(emailKey: string): Promise<Credentials | undefined> {
    const [row] = await this.#database.query<AccountRow & { readonly password_hash: string }>({
      name: 'find_credentials',
      text: 'SELECT account_id, roles, password_hash FROM accounts WHERE email_key = $1',
      values: [emailKey],
    });
    return row === undefined
      ? undefined
      : { accountId: row.account_id, roles: row.roles, passwordHash: row.password_hash };
  }
}

function toAccount(row: AccountRow): Account {
  return {
    accountId: row.account_id,
    email: row.email,
    displayName: row.display_name,
    roles: row.roles,
    createTime: row.create_time,
  };
}
