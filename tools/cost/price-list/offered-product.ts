/** In what AWS counts something, by the words that its services have for it. */
export type OfferedUnit = 'hour' | 'gb-month' | 'gb' | 'iops-month' | 'month';

/** By what a product is found in a service's part of AWS's price list. */
export interface OfferedProduct {
  /** The service's code, such as 'AmazonEC2', which is in the address of its part. */
  readonly service: string;
  /** @default any, as some products have none */
  readonly family?: string;
  /** The usage type, without the region that it begins with. */
  readonly usage: string;
  /** @default none */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly unit: OfferedUnit;
}

/** A product as the list has it. */
export interface ListedProduct {
  readonly sku: string;
  readonly productFamily?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Words of the list for one unit: services differ, as 'Hrs' of EC2 and 'hours' of MSK do. */
const UNITS: Readonly<Record<OfferedUnit, RegExp>> = {
  hour: /^(hrs?|hours?)$/i,
  'gb-month': /^gb-mo(nth)?$/i,
  gb: /^(gb|gigabytes?)$/i,
  'iops-month': /^iops-mo(nth)?$/i,
  month: /^(keys?|secrets?|per secret|months?|(key|secret)-mo(nth)?)$/i,
};

/** Whether the list's word for a unit is the one that a price is for. */
export function isUnit(word: string, unit: OfferedUnit): boolean {
  return UNITS[unit].test(word);
}

/** Whether a product of the list, in a region's part of it, is the one that is looked for. */
export function isOffered(
  { productFamily, attributes }: ListedProduct,
  wanted: OfferedProduct,
  region: string,
): boolean {
  return (
    (wanted.family === undefined || productFamily === wanted.family) &&
    isOfRegion(attributes, region) &&
    withoutRegion(attributes['usagetype'] ?? '', region) === wanted.usage &&
    Object.entries(wanted.attributes ?? {}).every(([name, value]) => attributes[name] === value)
  );
}

/** Of local zones and edge locations, which a region's part lists too, prices are others. */
function isOfRegion(attributes: ListedProduct['attributes'], region: string): boolean {
  const { locationType = 'AWS Region', regionCode = region } = attributes;
  return locationType === 'AWS Region' && regionCode === region;
}

/** Such as 'BoxUsage:m7g.large' of 'EUC1-BoxUsage:m7g.large'; of some services us-east-1 has none, and KMS has the region's name. */
function withoutRegion(usage: string, region: string): string {
  return usage.startsWith(`${region}-`)
    ? usage.slice(region.length + 1)
    : usage.replace(/^[A-Z]{2,4}\d{0,2}-/, '');
}
