import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { edgeOrigin } from '../meridian/zones.ts';
import type { KnownZone } from '../meridian/zones.ts';
import { EdgeClient } from './edge-client.ts';
import type { EdgeAnswer } from './edge-client.ts';
import type { Ware } from './wares.ts';

/** A client of the running platform's edge. @throws {CodedError} PLATFORM_NOT_RUNNING */
export function edgeClient(
  folders: Folders,
  zones: readonly KnownZone[],
  connections: number,
): EdgeClient {
  const origin = edgeOrigin(zones);
  if (origin === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      "Shoppers: the edge must run, as they come through it, got none; bring the platform up with 'npm start' first.",
    );
  }
  const ca = readFileSync(path.join(folders.state, 'pki/root.crt'), 'utf8');
  return new EdgeClient({ origin, ca, connections });
}

const PAGE_SIZE = 100;

interface ListedProduct {
  readonly productId: string;
  readonly name: string;
  readonly price: { readonly currencyCode: string; readonly minorUnits: string };
}

/** The first products of the catalogue, at most so many. @throws {CodedError} CATALOGUE_EMPTY */
export async function wares(edge: EdgeClient, most: number): Promise<readonly Ware[]> {
  const found: Ware[] = [];
  for (let token = ''; found.length < most;) {
    const answer = await edge.ask({
      method: 'GET',
      path: `/v1/products?page_size=${PAGE_SIZE}&page_token=${encodeURIComponent(token)}`,
    });
    if (answer.status !== 200) throw unexpected('The list of products', answer);
    const page = answer.body as {
      readonly products?: readonly ListedProduct[];
      readonly nextPageToken?: string;
    };
    // What costs nothing cannot be ordered by itself.
    const priced = (page.products ?? []).filter(({ price }) => price.minorUnits !== '0');
    found.push(
      ...priced.map(({ productId, name, price }) => ({
        productId,
        name,
        currencyCode: price.currencyCode,
      })),
    );
    token = page.nextPageToken ?? '';
    if (token === '') break;
  }
  if (found.length > 0) return found.slice(0, most);
  throw new CodedError(
    'CATALOGUE_EMPTY',
    "Shoppers: there must be products to buy, got an empty catalogue; load one with 'npm run seed'.",
  );
}

/** What the edge said where nothing can go on without it. */
export function unexpected(what: string, answer: EdgeAnswer): CodedError {
  const heard = answer.status === undefined ? answer.broken : describe(answer.status, answer.body);
  return new CodedError(
    'EDGE_ANSWER_UNEXPECTED',
    `${what}: the edge must answer with a success, got ${heard}; 'npm run status' shows what runs.`,
  );
}

function describe(status: number, body: unknown): string {
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : '';
  return `${status} ${String(detail)}`.trim();
}
