/** One media range of an Accept header. */
interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  /** 0 to 1; 0 means 'not this'. */
  readonly quality: number;
}

/**
 * The first of the offered media types with the highest quality in an Accept header; undefined if it
 * accepts none. A missing or empty header accepts everything; parts that cannot be read accept
 * nothing. Source: RFC 9110 section 12.5.1.
 */
export function negotiate(
  accept: string | undefined,
  offers: readonly string[],
): string | undefined {
  if (accept === undefined || accept.trim() === '') return offers[0];
  const ranges = accept.split(',').flatMap(parseRange);
  let best: { readonly offer: string; readonly quality: number } | undefined;
  for (const offer of offers) {
    const quality = qualityOf(offer, ranges);
    if (quality > (best?.quality ?? 0)) best = { offer, quality };
  }
  return best?.offer;
}

/**
 * Whether an Accept-Encoding header leaves out the one coding that there is, which is none.
 * Source: RFC 9110 section 12.5.3.
 */
export function refusesIdentity(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding?.includes('=') !== true) return false;
  const codings = acceptEncoding.split(',').map((part) => {
    const [coding = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
    return { coding, never: parameters.some((each) => /^q=0(?:\.0{0,3})?$/.test(each)) };
  });
  const named =
    codings.find(({ coding }) => coding === 'identity') ??
    codings.find(({ coding }) => coding === '*');
  return named?.never ?? false;
}

/**
 * Why a Content-Type cannot be read as JSON; undefined if it can.
 * Source: RFC 8259 sections 8.1 and 11: JSON is UTF-8 and has no other parameters.
 */
export function refuseContentType(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return 'a body needs content-type: application/json';
  const [essence = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (essence.toLowerCase() !== 'application/json') return 'content-type must be application/json';
  return parameters.every((part) => part === '' || /^charset="?utf-8"?$/i.test(part))
    ? undefined
    : 'content-type must have no parameter but charset=utf-8';
}

function parseRange(text: string): readonly MediaRange[] {
  const [essence = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const match = /^([\w!#$&^.+*-]+)\/([\w!#$&^.+*-]+)$/.exec(essence);
  if (match === null) return [];
  const [, type = '', subtype = ''] = match;
  const weight = parameters.find((part) => part.startsWith('q='))?.slice(2) ?? '1';
  if (!/^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(weight)) return [];
  return [{ type, subtype, quality: Number(weight) }];
}

function qualityOf(offer: string, ranges: readonly MediaRange[]): number {
  const [type, subtype] = offer.split('/');
  const fits =
    ranges.find((range) => range.type === type && range.subtype === subtype) ??
    ranges.find((range) => range.type === type && range.subtype === '*') ??
    ranges.find((range) => range.type === '*' && range.subtype === '*');
  return fits?.quality ?? 0;
}
