import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { PostgresServerArgs } from './postgres-server.ts';
import { typeToken } from './type-token.ts';

/**
 * `owner` owns a database and its schema and cannot log in; `service` logs in with a client certificate and owns
 * nothing; `monitor` does too, and may read what the server says of itself (pg_monitor).
 */
export type PostgresRoleKind = 'owner' | 'service' | 'monitor';

/** Connections that a `service` role may hold at once. */
export const DEFAULT_CONNECTION_LIMIT = 50;

export interface PostgresRoleArgs {
  /** Make the role depend on the server's Process (`dependsOn`), which must be ready. */
  readonly server: Input<PostgresServerArgs>;
  /** `[a-z][a-z0-9_]{0,62}`; a change replaces the role. */
  readonly name: Input<string>;
  /** A change replaces the role. */
  readonly kind: Input<PostgresRoleKind>;
  /**
   * How many connections a `service` role may hold at once, 1 to 1000.
   * @default 50
   */
  readonly connectionLimit?: Input<number>;
}

/**
 * A role of a PostgreSQL server. A `service` role has no password (its certificate's common name is
 * mapped to it), `statement_timeout` 5 s and `idle_in_transaction_session_timeout` 10 s.
 */
export class PostgresRole extends CustomResource {
  declare readonly server: Output<PostgresServerArgs>;
  declare readonly name: Output<string>;
  declare readonly kind: Output<PostgresRoleKind>;
  declare readonly connectionLimit: Output<number>;
  /** 'intact', or 'altered' when a refresh found other rights or settings. */
  declare readonly state: Output<string>;

  constructor(name: string, args: PostgresRoleArgs, options?: CustomResourceOptions) {
    super(typeToken('PostgresRole'), name, { ...args, state: 'intact' }, options);
  }
}
