import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import type * as grpc from '@grpc/grpc-js';
import type * as resources from '@pulumi/pulumi/proto/resource_pb.js';
import type * as structMessages from 'google-protobuf/google/protobuf/struct_pb.js';
import { readRequest, writeRequest } from './gated-request.ts';

const require = createRequire(import.meta.url);
const { RegisterResourceRequest } =
  require('@pulumi/pulumi/proto/resource_pb.js') as typeof resources;
const { Struct } = require('google-protobuf/google/protobuf/struct_pb.js') as typeof structMessages;
const { ResourceMonitorService } = require('@pulumi/pulumi/proto/resource_grpc_pb.js') as {
  readonly ResourceMonitorService: Readonly<
    Record<'registerResource' | 'invoke', grpc.MethodDefinition<object, unknown>>
  >;
};
const { registerResource, invoke } = ResourceMonitorService;

const resource = (properties: object) =>
  new RegisterResourceRequest()
    .setType('a:b:C')
    .setName('c')
    .setObject(Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]))
    .setIgnorechangesList(['one', 'other']);

const through = (bytes: Uint8Array) =>
  RegisterResourceRequest.deserializeBinary(
    writeRequest(registerResource, readRequest(registerResource, Buffer.from(bytes))),
  );

test('what is read of a resource is what is written', () => {
  const given = resource({ data: { size: 1, list: [true, null, 'text', {}] }, empty: {} });
  expect(readRequest(registerResource, Buffer.from(given.serializeBinary()))).toMatchObject({
    properties: { field: 5, values: { data: { size: 1 } } },
  });
  const written = through(given.serializeBinary());
  expect(written.getObject()?.toJavaScript()).toEqual(given.getObject()?.toJavaScript());
  for (const message of [written, given]) message.clearObject();
  expect(written.toObject()).toEqual(given.toObject());
  const bare = new RegisterResourceRequest().setName('bare');
  expect(through(bare.serializeBinary()).toObject()).toEqual(bare.toObject());
});

test('of properties that come twice the engine gets those that were judged, and no others', () => {
  const twice = Buffer.concat([
    resource({ hidden: 'in the first' }).serializeBinary(),
    resource({ shown: 'in the last' }).serializeBinary(),
  ]);
  expect(readRequest(registerResource, twice).properties?.values).toEqual({ shown: 'in the last' });
  expect(through(twice).getObject()?.toJavaScript()).toEqual({ shown: 'in the last' });
});

test('what cannot be parsed is not passed on', () => {
  const whole = Buffer.from(resource({ data: { size: 1 } }).serializeBinary());
  for (const length of [whole.length - 1, 12]) {
    expect(() => readRequest(registerResource, whole.subarray(0, length))).toThrow();
  }
});

test('any other request is of the messages of the SDK', () => {
  const bytes = Buffer.from(new RegisterResourceRequest().serializeBinary());
  expect(readRequest(invoke, bytes)).not.toHaveProperty('properties');
});
