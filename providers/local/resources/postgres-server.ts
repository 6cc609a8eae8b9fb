import type { Input } from '@pulumi/pulumi';

/** Which PostgreSQL server of this machine is meant; a change replaces what lies in it. */
export interface PostgresServerArgs {
  /** Zone of the process that runs the server. */
  readonly zone: Input<string>;
  /** Name of that process. */
  readonly process: Input<string>;
  /** Port of the server; its unix socket is `.s.PGSQL.<port>` in the stack's runtime folder. */
  readonly port: Input<number>;
}
