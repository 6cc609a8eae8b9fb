import { createRequire } from 'node:module';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type * as grpc from '@grpc/grpc-js';
import type { Properties } from './property-values.ts';
import { eachField, readProperties, writeProperties } from './property-wire.ts';

const require = createRequire(import.meta.url);
// The generated service definitions are CommonJS without type declarations of the service.
const { ResourceProviderService } = require('@pulumi/pulumi/proto/provider_grpc_pb.js') as {
  readonly ResourceProviderService: grpc.ServiceDefinition;
};

/** What a provider is asked of a resource, as far as a rehearsal looks at it; properties are read when they are asked for. */
export interface ResourceRequest {
  readonly urn: string;
  /** As the program has them. */
  readonly news: () => Properties;
  /** As they were made, of one that is there. */
  readonly olds: () => Properties;
  /** As the program had them. */
  readonly oldInputs: () => Properties;
  readonly isPreview: boolean;
}

/** What it answers. */
export interface ResourceResponse {
  readonly properties: Properties;
  /** Of one that is created. */
  readonly id?: string;
  /** Why a check fails. */
  readonly failures?: readonly string[];
}

/** By the method that it is a question of, which number a field has. Source: pulumi/provider.proto */
const QUESTIONS = {
  check: { urn: 1, olds: 2, news: 3 },
  create: { urn: 1, news: 2, preview: 4 },
  diff: { urn: 2, olds: 3, news: 4, oldInputs: 6 },
  update: { urn: 2, olds: 3, news: 4, preview: 7 },
} as const;

const ANSWERS = {
  check: { properties: 1, failures: 2 },
  create: { id: 1, properties: 2 },
  update: { properties: 1 },
} as const;

/** Of a CheckFailure. */
const REASON = 2;

/**
 * The service of a provider whose questions of a resource are read by what a rehearsal looks at of them, and whose answers
 * with properties are written at once.
 */
export function rehearsedService(): grpc.ServiceDefinition {
  const { check, create, diff, update } = ResourceProviderService;
  return {
    ...ResourceProviderService,
    check: { ...check, requestDeserialize: readQuestion('check'), ...writeAnswer('check') },
    create: { ...create, requestDeserialize: readQuestion('create'), ...writeAnswer('create') },
    diff: { ...diff, requestDeserialize: readQuestion('diff') },
    update: { ...update, requestDeserialize: readQuestion('update'), ...writeAnswer('update') },
  } as grpc.ServiceDefinition;
}

function readQuestion(method: keyof typeof QUESTIONS): (bytes: Buffer) => ResourceRequest {
  const numbers: Readonly<Record<string, number>> = QUESTIONS[method];
  return (bytes) => {
    let urn = '';
    let isPreview = false;
    const structs = new Map<number, Uint8Array>();
    eachField(bytes, (field, reader) => {
      if (field === numbers['urn']) urn = reader.string();
      else if (field === numbers['preview']) isPreview = reader.bool();
      else if (STRUCTS.some((name) => numbers[name] === field)) structs.set(field, reader.bytes());
      else return false;
      return true;
    });
    const read = (name: string) => () =>
      readProperties(structs.get(numbers[name] ?? 0) ?? new Uint8Array());
    return { urn, isPreview, news: read('news'), olds: read('olds'), oldInputs: read('oldInputs') };
  };
}

const STRUCTS = ['news', 'olds', 'oldInputs'] as const;

function writeAnswer(method: keyof typeof ANSWERS): {
  readonly responseSerialize: (answer: ResourceResponse) => Buffer;
} {
  const numbers: { readonly properties: number; readonly id?: number; readonly failures?: number } =
    ANSWERS[method];
  return {
    responseSerialize: ({ id, failures = [], properties }) => {
      const writer = new BinaryWriter();
      if (id !== undefined && numbers.id !== undefined) {
        writer.tag(numbers.id, WireType.LengthDelimited).string(id);
      }
      for (const reason of failures) {
        if (numbers.failures === undefined) break;
        writer.tag(numbers.failures, WireType.LengthDelimited).fork();
        writer.tag(REASON, WireType.LengthDelimited).string(reason);
        writer.join();
      }
      return Buffer.concat([writer.finish(), writeProperties(numbers.properties, properties)]);
    },
  };
}
