import { status as Status } from '@grpc/grpc-js';
import type { Metadata } from '@grpc/grpc-js';
import type { Repeatability } from './service-definition.ts';

/** Names of the gRPC status codes, such as 'NOT_FOUND'. Source: google/rpc/code.proto. */
export type StatusName = keyof typeof Status;

const NAMES = new Map<number, StatusName>(
  Object.entries(Status)
    .filter((entry): entry is [StatusName, Status] => typeof entry[1] === 'number')
    .map(([name, code]) => [code, name]),
);

/** The name of a status code; an unknown number reads as UNKNOWN. */
export function statusName(code: number): StatusName {
  return NAMES.get(code) ?? 'UNKNOWN';
}

/** The number of a status name. */
export function statusCode(name: StatusName): Status {
  return Status[name];
}

/** Which peer and method answered with an error. */
export interface RpcOrigin {
  /** Binding name of the service, such as 'catalog'. */
  readonly service: string;
  /** Full method name, such as 'meridian.catalog.v1.CatalogService/GetProduct'. */
  readonly method: string;
  /** Whether the call may be sent again if it is not known what became of it. */
  readonly repeatability: Repeatability;
}

/**
 * An error with a gRPC status. Thrown by a handler, its status and message reach the caller, so the
 * message must be fit for that; its cause stays in the log. Thrown by a client, `origin` says which
 * peer it came from.
 */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly status: StatusName;
  /** Trailing metadata, such as google.rpc error details. */
  readonly metadata: Metadata | undefined;
  /** Set when this is the answer of a peer, not our own. */
  readonly origin: RpcOrigin | undefined;

  constructor(
    status: StatusName,
    message: string,
    options?: ErrorOptions & { readonly metadata?: Metadata; readonly origin?: RpcOrigin },
  ) {
    super(message, options);
    this.status = status;
    this.metadata = options?.metadata;
    this.origin = options?.origin;
  }

  /** The number of the status on the wire. */
  get code(): Status {
    return Status[this.status];
  }
}
