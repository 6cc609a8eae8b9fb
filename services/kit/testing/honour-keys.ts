import { create, setExtension } from '@bufbuild/protobuf';
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptionsSchema } from '@bufbuild/protobuf/wkt';
import { honours_idempotency_key } from '../contract/gen/meridian/type/v1/method_options_pb.js';

/**
 * Lets a method of a test contract honour idempotency keys, as `honours_idempotency_key` in its .proto
 * file would; test contracts import nothing.
 */
export function honourKeys(method: DescMethod): void {
  method.proto.options ??= create(MethodOptionsSchema);
  setExtension(method.proto.options, honours_idempotency_key, true);
}
