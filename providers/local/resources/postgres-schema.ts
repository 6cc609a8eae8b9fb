import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { PostgresServerArgs } from './postgres-server.ts';
import { typeToken } from './type-token.ts';

export interface PostgresSchemaArgs {
  readonly server: Input<PostgresServerArgs>;
  /** `PostgresDatabase.name`; a change replaces the schema. */
  readonly database: Input<string>;
  /** `PostgresRole.name` of the database's owner: migrations run as this role. */
  readonly owner: Input<string>;
  /** Folder of numbered SQL migrations, relative to the program's root, such as `services/catalog/migrations`. */
  readonly folder: Input<string>;
  /** Digest of the migrations; a change runs those that have not run. */
  readonly digest: Input<string>;
  /** `PostgresRole.name` of each `service` role that reads and writes the tables. */
  readonly serviceRoles: Input<readonly Input<string>[]>;
  /** Tables of which these only add rows; a migration must make each. */
  readonly appendOnly: Input<readonly Input<string>[]>;
}

/**
 * The tables of a database: forward-only migrations, run under an advisory lock as the owner, and the
 * grants of the service roles. Deleting it takes the grants back and leaves the data.
 */
export class PostgresSchema extends CustomResource {
  declare readonly server: Output<PostgresServerArgs>;
  declare readonly database: Output<string>;
  declare readonly owner: Output<string>;
  declare readonly folder: Output<string>;
  declare readonly digest: Output<string>;
  declare readonly serviceRoles: Output<readonly string[]>;
  declare readonly appendOnly: Output<readonly string[]>;
  /** Names of the migrations that have run, in order. */
  declare readonly migrations: Output<readonly string[]>;

  constructor(name: string, args: PostgresSchemaArgs, options?: CustomResourceOptions) {
    super(typeToken('PostgresSchema'), name, { ...args, migrations: undefined }, options);
  }
}
