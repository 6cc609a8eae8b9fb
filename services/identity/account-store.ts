import { randomUUID } from 'node:crypto';
import type { Session, Transaction, Transactional } from '@meridian/kit/postgres/database.ts';
import { accountEvent } from './account-events.ts';
import type { AccountEvent, AccountEvents } from './account-events.ts';
import {
  AccountCreatedSchema,
  AccountRolesChangedSchema,
  PasswordChangedSchema,
} from './contract/gen/meridian/identity/v1/events_pb.js';
import { inTransaction } from './in-transaction.ts';

/** An account as it is stored, without its password. */
export interface Account {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly createTime: Date;
}

/** What events tell of an account. */
export interface ToldAccount extends Pick<Account, 'accountId' | 'roles'> {
  /** That of its newest event. */
  readonly version: bigint;
}

/** An account to be opened; everything is checked already. */
export interface NewAccount {
  readonly email: string;
  readonly emailKey: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  /** PHC string format. */
  readonly passwordHash: string;
  /** SPIFFE ID of the workload that sets it up. @default its owner opens it */
  readonly createdBy?: string;
}

/** What an account is to be. */
export interface AccountChange {
  readonly accountId: string;
  readonly roles: readonly string[];
  /** PHC string format; absent when the password stays. */
  readonly passwordHash?: string;
  /** SPIFFE ID of the workload that changes it. */
  readonly changedBy: string;
}

/** A password of an account, by its number. */
export interface PasswordVersion {
  readonly accountId: string;
  /** Another for each new password; a new hash of the same leaves it. */
  readonly passwordVersion: bigint;
}

/** What signing in needs to know of an account. */
export interface Credentials extends PasswordVersion {
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

interface Versioned {
  /** A bigint as pg gives it. */
  readonly version: string;
}

interface CredentialsRow {
  readonly account_id: string;
  readonly roles: readonly string[];
  readonly password_hash: string;
  /** A bigint as pg gives it. */
  readonly password_version: string;
}

const ACCOUNT_COLUMNS = 'account_id, email, display_name, roles, create_time';

/** The accounts in PostgreSQL; each change leaves its events. */
export class AccountStore {
  readonly #database: Transactional;
  readonly #events: AccountEvents;

  constructor(database: Transactional, events: AccountEvents) {
    this.#database = database;
    this.#events = events;
  }

  /**
   * Opens an account, in a transaction of its own if none is given; undefined if the address has one
   * already.
   */
  async create(account: NewAccount, within?: Transaction): Promise<Account | undefined> {
    return inTransaction(this.#database, within, async (transaction) => {
      const { email, emailKey, displayName, roles, passwordHash, createdBy } = account;
      const [row] = await transaction.query<AccountRow>({
        name: 'create_account',
        text: `
          INSERT INTO accounts (account_id, email, email_key, display_name, roles, password_hash)
          VALUES ($1, $2, $3, $4, $5, $6)
          ON CONFLICT (email_key) DO NOTHING
          RETURNING ${ACCOUNT_COLUMNS}`,
        values: [randomUUID(), email, emailKey, displayName, roles, passwordHash],
      });
      if (row === undefined) return undefined;
      const created = accountEvent(AccountCreatedSchema, {
        roles: [...row.roles],
        ...(createdBy === undefined ? {} : { createdBy }),
      });
      await this.#events.add(transaction, row.account_id, [created]);
      return toAccount(row);
    });
  }

  /**
   * Makes an account, which must be there, what it is to be, with an event for each thing that was
   * not; `also` commits with it.
   */
  async update(
    change: AccountChange,
    also: (transaction: Transaction) => Promise<void> = () => Promise.resolve(),
  ): Promise<Account> {
    const { accountId, roles, passwordHash } = change;
    return this.#database.transaction(async (transaction) => {
      const [before] = await transaction.query<Pick<AccountRow, 'roles'>>({
        name: 'lock_account_roles',
        text: 'SELECT roles FROM accounts WHERE account_id = $1 FOR NO KEY UPDATE',
        values: [accountId],
      });
      const [row] = await transaction.query<AccountRow>({
        name: 'update_account',
        text: `
          UPDATE accounts SET
            roles = $2,
            password_hash = coalesce($3, password_hash),
            password_version = password_version + CASE WHEN $3::text IS NULL THEN 0 ELSE 1 END
          WHERE account_id = $1
          RETURNING ${ACCOUNT_COLUMNS}`,
        values: [accountId, roles, passwordHash ?? null],
      });
      if (before === undefined || row === undefined) {
        throw new Error(`There is no account ${accountId} to change`);
      }
      await this.#events.add(transaction, accountId, changesOf(change, before.roles));
      await also(transaction);
      return toAccount(row);
    });
  }

  /**
   * Whether a password is the account's still, and keeps it so until the transaction ends: a session
   * of the old one is opened before it changes, and ended with it, or not at all.
   */
  async holdPassword(
    { accountId, passwordVersion }: PasswordVersion,
    session: Session,
  ): Promise<boolean> {
    const held = await session.query({
      name: 'hold_password',
      // As strong as the lock that the session's event takes, which two could not both get later.
      text: `
        SELECT account_id FROM accounts
        WHERE account_id = $1 AND password_version = $2
        FOR NO KEY UPDATE`,
      values: [accountId, passwordVersion],
    });
    return held.length > 0;
  }

  /** Puts another hash of the same password, which is held, in the place of the one there is. */
  async replaceHash(accountId: string, passwordHash: string, session: Session): Promise<void> {
    await session.query({
      name: 'replace_password_hash',
      text: 'UPDATE accounts SET password_hash = $2 WHERE account_id = $1',
      values: [accountId, passwordHash],
    });
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

  /** All accounts as their events tell them, in the order of ids, at most `limit`, of those after one. */
  async list(limit: number, afterAccountId: string | undefined): Promise<readonly ToldAccount[]> {
    const after = afterAccountId !== undefined;
    const rows = await this.#database.query<Pick<AccountRow, 'account_id' | 'roles'> & Versioned>({
      name: after ? 'list_accounts_after' : 'list_accounts',
      text: `
        SELECT account_id, version, roles FROM accounts ${after ? 'WHERE account_id > $2' : ''}
        ORDER BY account_id LIMIT $1`,
      values: after ? [limit, afterAccountId] : [limit],
    });
    return rows.map(({ account_id: accountId, version, roles }) => ({
      ...{ accountId, version: BigInt(version), roles },
    }));
  }

  /** The account with this address. */
  async findCredentials(emailKey: string): Promise<Credentials | undefined> {
    const [row] = await this.#database.query<CredentialsRow>({
      name: 'find_credentials',
      text: `
        SELECT account_id, roles, password_hash, password_version
        FROM accounts WHERE email_key = $1`,
      values: [emailKey],
    });
    return row === undefined
      ? undefined
      : {
          accountId: row.account_id,
          roles: row.roles,
          passwordHash: row.password_hash,
          passwordVersion: BigInt(row.password_version),
        };
  }
}

/** The events of a change to an account with those roles. */
function changesOf(
  { roles, passwordHash, changedBy }: AccountChange,
  formerRoles: readonly string[],
): readonly AccountEvent[] {
  const sameRoles = roles.toSorted().join() === formerRoles.toSorted().join();
  return [
    ...(sameRoles
      ? []
      : [
          accountEvent(AccountRolesChangedSchema, {
            roles: [...roles],
            formerRoles: [...formerRoles],
            changedBy,
          }),
        ]),
    ...(passwordHash === undefined ? [] : [accountEvent(PasswordChangedSchema, { changedBy })]),
  ];
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
