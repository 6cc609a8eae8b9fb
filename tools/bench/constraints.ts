import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { requestCheck } from '@meridian/kit/constraints/check-request.ts';

/*
 * What it costs to hold a request against its contract, beside decoding it (ADR 59):
 *
 *     node tools/bench/constraints.ts
 */

const ROUNDS = 200_000;
const REPETITIONS = 7;

const validator = createValidator();
const { getProduct, listProducts } = CatalogService.method;

/** The checks that a handler made before the contract had rules, as they were written. */
const WRITTEN: Readonly<Record<string, (request: never) => boolean>> = {
  getProduct: ({ productId }: { readonly productId: string }) =>
    productId.length <= 64 && /^[A-Za-z0-9_-]+$/.test(productId),
  listProducts: ({
    pageSize,
    category,
  }: {
    readonly pageSize: number;
    readonly category: string;
  }) =>
    pageSize >= 0 &&
    pageSize <= 100 &&
    (category === '' || (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(category) && category.length <= 63)),
};

function microseconds(work: () => void): number {
  const times = Array.from({ length: REPETITIONS }, () => {
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round++) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / ROUNDS;
  });
  return times.toSorted((a, b) => a - b)[REPETITIONS >> 1] ?? 0;
}

function measure(name: string, schema: DescMessage, request: Message): void {
  const bytes = toBinary(schema, request);
  const written = WRITTEN[name];
  const check = requestCheck(schema);
  const costs = {
    decode: microseconds(() => fromBinary(schema, bytes)),
    written: microseconds(() => written?.(request as never)),
    'our rules': microseconds(() => check?.(request)),
    protovalidate: microseconds(() => validator.validate(schema, request)),
  };
  for (const [what, cost] of Object.entries(costs)) {
    process.stdout.write(`${name.padEnd(14)} ${what.padEnd(14)} ${cost.toFixed(2)} µs\n`);
  }
}

measure(
  'getProduct',
  getProduct.input,
  create(getProduct.input, { productId: '843021f7-a06f-5d32-a686-b9f99fa54607' }),
);
measure(
  'listProducts',
  listProducts.input,
  create(listProducts.input, { pageSize: 50, category: 'home-office' }),
);
