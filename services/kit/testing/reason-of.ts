import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { ErrorInfoSchema } from '../contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '../contract/gen/google/rpc/status_pb.js';
import { STATUS_DETAILS_KEY } from '../rpc/error-details.ts';
import { RpcError } from '../rpc/rpc-error.ts';

/** The reason that tells an error from others of its status, if it names one. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof RpcError)) return undefined;
  const [bytes] = error.metadata?.get(STATUS_DETAILS_KEY) ?? [];
  if (!(bytes instanceof Uint8Array)) return undefined;
  const infos = fromBinary(StatusSchema, bytes).details.map((any) =>
    anyUnpack(any, ErrorInfoSchema),
  );
  return infos.find((info) => info !== undefined)?.reason;
}
