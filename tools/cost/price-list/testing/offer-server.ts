import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A tier of a price, as the list has it. */
export interface SampleTier {
  readonly usd?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly unit?: string;
  /** In place of `usd`. */
  readonly pricePerUnit?: Readonly<Record<string, string>>;
}

/** A product of an offer; without tiers it is on no terms. */
export interface SampleProduct {
  readonly sku: string;
  readonly family?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tiers?: readonly SampleTier[];
}

/** A service's part of the list, in the shape in which AWS publishes it, with reservations behind what is sold on demand. */
export function sampleOffer(service: string, products: readonly SampleProduct[]): string {
  const listed = products.map(({ sku, family, attributes }) => [
    sku,
    {
      sku,
      ...(family === undefined ? {} : { productFamily: family }),
      attributes: { servicecode: service, locationType: 'AWS Region', ...attributes },
    },
  ]);
  const terms = products
    .filter(({ tiers }) => tiers !== undefined)
    .map(({ sku, tiers = [] }) => [
      sku,
      {
        [`${sku}.JRTCKXETXF`]: {
          ...{ offerTermCode: 'JRTCKXETXF', sku, effectiveDate: '2026-11-01T00:00:00Z' },
          priceDimensions: Object.fromEntries(
            tiers.map((tier, index) => [
              `${sku}.JRTCKXETXF.${index}`,
              {
                rateCode: `${sku}.JRTCKXETXF.${index}`,
                description: `$${tier.usd ?? '?'} per unit`,
                ...{ beginRange: tier.begin ?? '0', endRange: tier.end ?? 'Inf' },
                unit: tier.unit ?? 'Hrs',
                pricePerUnit: tier.pricePerUnit ?? { USD: tier.usd ?? '' },
                appliesTo: [],
              },
            ]),
          ),
          termAttributes: {},
        },
      },
    ]);
  const reserved = products.map(({ sku }) => [sku, { [`${sku}.BPH4J8HBKS`]: { sku } }]);
  return JSON.stringify(
    {
      ...{
        formatVersion: 'v1.0',
        disclaimer: 'This pricing list is for informational purposes only.',
      },
      ...{ offerCode: service, version: '20261120190411', publicationDate: '2026-11-20T19:04:11Z' },
      products: Object.fromEntries(listed) as unknown,
      terms: {
        OnDemand: Object.fromEntries(terms) as unknown,
        Reserved: Object.fromEntries(reserved) as unknown,
      },
      attributesList: {},
    },
    null,
    2,
  );
}

type Answer = (response: ServerResponse) => void;

/** A server of the price list on this machine: real HTTP, with documents of a test. */
export class OfferServer {
  readonly #server: Server;
  readonly #answers = new Map<string, Answer>();
  /** Paths in the order in which they were asked for. */
  readonly asked: string[] = [];

  private constructor() {
    this.#server = createServer(({ url = '' }, response) => {
      this.asked.push(url);
      const answer = this.#answers.get(url);
      if (answer === undefined) response.writeHead(404).end();
      else answer(response);
    });
  }

  static async start(): Promise<OfferServer> {
    const started = new OfferServer();
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  get address(): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
  }

  /** Has an offer of us-east-1. */
  has(service: string, body: string): void {
    this.#answers.set(pathOf(service), (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
  }

  /** Sends the beginning of an offer, and ends the connection there. */
  tears(service: string, body: string): void {
    this.#answers.set(pathOf(service), (response) => {
      response.writeHead(200, { 'content-length': String(Buffer.byteLength(body)) });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function pathOf(service: string): string {
  return `/offers/v1.0/aws/${service}/current/us-east-1/index.json`;
}
