import type { DescMethod, DescService } from '@bufbuild/protobuf';

/** How the messages of a method travel, in gRPC's own terms. */
export type MethodKind = DescMethod['methodKind'];

/** The methods of a contract by their names in TypeScript, such as 'listProducts'. */
export type MethodName<Contract> = Contract extends DescService
  ? keyof Contract['method'] & string
  : never;
