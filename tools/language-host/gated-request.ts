import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type * as grpc from '@grpc/grpc-js';
import type { Properties } from '@meridian/provider-rehearsal/provider/property-values.ts';
import {
  readProperties,
  writeProperties,
} from '@meridian/provider-rehearsal/provider/property-wire.ts';

/** A request of a program in a sandbox, parsed. */
export interface GatedRequest {
  /** The SDK's own message; without its properties, where those are apart. */
  readonly message: object;
  /** The properties of a resource, which are nearly all of a program's traffic, and the field that they are in. */
  readonly properties?: { readonly field: number; readonly values: Properties };
}

/** Methods whose properties are read apart, as the SDK's messages are slow for them. Source: pulumi/resource.proto */
const PROPERTIES: Readonly<Record<string, number>> = {
  '/pulumirpc.ResourceMonitor/RegisterResource': 5,
  '/pulumirpc.ResourceMonitor/RegisterResourceOutputs': 2,
};

type Parsed = Pick<
  grpc.MethodDefinition<object, unknown>,
  'path' | 'requestDeserialize' | 'requestSerialize'
>;

/** Parses all of a request. @throws {Error} where it is none */
export function readRequest(method: Parsed, bytes: Buffer): GatedRequest {
  const field = PROPERTIES[method.path];
  if (field === undefined) return { message: method.requestDeserialize(bytes) };
  const reader = new BinaryReader(bytes);
  const others: Uint8Array[] = [];
  let values: Properties | undefined;
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [number, type] = reader.tag();
    if (number === field && type === WireType.LengthDelimited) {
      values = readProperties(reader.bytes());
    } else {
      reader.skip(type, number);
      others.push(bytes.subarray(start, reader.pos));
    }
  }
  const message = method.requestDeserialize(Buffer.concat(others));
  return values === undefined ? { message } : { message, properties: { field, values } };
}

/** Writes afresh what was parsed, and nothing else: fields that are next to each other are one message. */
export function writeRequest(method: Parsed, { message, properties }: GatedRequest): Buffer {
  const bytes = method.requestSerialize(message);
  if (properties === undefined) return bytes;
  return Buffer.concat([bytes, writeProperties(properties.field, properties.values)]);
}
