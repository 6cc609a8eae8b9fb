import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack, type Any } from '@bufbuild/protobuf/wkt';
import { expect } from '@jest/globals';
import { BadRequestSchema } from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '@meridian/kit/contract/gen/google/rpc/status_pb.js';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';

/** The error that a call is refused with. */
export async function refusal(work: Promise<unknown>): Promise<RpcError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RpcError);
  return error as RpcError;
}

/** The details of an error, of any type. */
export function detailsOf(error: RpcError): readonly Any[] {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  return fromBinary(StatusSchema, bytes as Buffer).details;
}

/** The fields that an error finds fault with. */
export function fieldsIn(error: RpcError): readonly string[] {
  const details = detailsOf(error);
  return details
    .flatMap((any) => anyUnpack(any, BadRequestSchema)?.fieldViolations ?? [])
    .map(({ field }) => field);
}
