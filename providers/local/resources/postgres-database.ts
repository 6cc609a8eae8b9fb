import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { PostgresServerArgs } from './postgres-server.ts';
import { typeToken } from './type-token.ts';

export interface PostgresDatabaseArgs {
  /** Make the database depend on the server's Process (`dependsOn`), which must be ready. */
  readonly server: Input<PostgresServerArgs>;
  /** `[a-z][a-z0-9_]{0,62}`; a change replaces the database (and loses its data: set `protect`). */
  readonly name: Input<string>;
  /** `PostgresRole.name` of a role of kind `owner`; a change hands the database over. */
  readonly owner: Input<string>;
}

/** A database (UTF-8, with the collation of its server) that nobody but its owner and the roles granted may connect to. */
export class PostgresDatabase extends CustomResource {
  declare readonly server: Output<PostgresServerArgs>;
  declare readonly name: Output<string>;
  declare readonly owner: Output<string>;

  constructor(name: string, args: PostgresDatabaseArgs, options?: CustomResourceOptions) {
    super(typeToken('PostgresDatabase'), name, { ...args }, options);
  }
}
