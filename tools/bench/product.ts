import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { Client } from 'undici';
import { edgeOrigin } from '../meridian/zones.ts';
import type { KnownZone } from '../meridian/zones.ts';

/** What the benchmarks of reads ask for. */
export interface MeasuredRead {
  /** Of the edge, such as https://localhost:8443. */
  readonly origin: string;
  /** Of one product. */
  readonly path: string;
  /** What is answered. */
  readonly body: string;
  /** The platform's root certificate, in PEM. */
  readonly ca: string;
}

/**
 * The first product of the running platform.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, CATALOGUE_EMPTY
 */
export async function measuredRead(
  folders: Folders,
  zones: readonly KnownZone[],
): Promise<MeasuredRead> {
  const origin = edgeOrigin(zones);
  if (origin === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      "Benchmark: the platform must run, with products in it, got none; 'npm start' and 'npm run seed' first.",
    );
  }
  const ca = readFileSync(path.join(folders.state, 'pki/root.crt'), 'utf8');
  const client = new Client(origin, { connect: { ca } });
  try {
    const list = await get(client, '/v1/products?page_size=1');
    const [product] = (JSON.parse(list) as { products: { productId: string }[] }).products;
    if (product === undefined) {
      throw new CodedError(
        'CATALOGUE_EMPTY',
        "Benchmark: there must be a product to read, got an empty catalogue; load one with 'npm run seed'.",
      );
    }
    const target = `/v1/products/${product.productId}`;
    return { origin, path: target, body: await get(client, target), ca };
  } finally {
    await client.close();
  }
}

async function get(client: Client, target: string): Promise<string> {
  const { statusCode, body } = await client.request({ method: 'GET', path: target });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${target} answered ${statusCode}: ${text}`);
  return text;
}
