/** The parts of a token that is fit to be verified. */
export interface TokenForm {
  readonly kid: string;
}

/** A token of ours has some 500 characters; beyond this nobody needs to look. */
const MAX_TOKEN_CHARACTERS = 4_096;

/** Three parts in base64url; an Ed25519 signature has 64 bytes, whose last character ends in 0000. */
const COMPACT = /^([A-Za-z0-9_-]{2,})\.([A-Za-z0-9_-]{2,})\.[A-Za-z0-9_-]{85}[AQgw]$/;

/** An RFC 7638 thumbprint: 32 bytes in base64url. */
const KID = /^[A-Za-z0-9_-]{43}$/;

/**
 * Checks a token's form before any cryptography, so strictly that one token has one form: as the
 * issuer writes it. The header holds alg, typ and kid and nothing else, so there is no key or URL in
 * it to be tempted by, no extension to overlook, and no choice of algorithm (RFC 8725, sections 3.1,
 * 3.2, 3.10 and 3.11). Texts must be what JSON.stringify makes of them, so no claim comes twice.
 *
 * Throws an Error that says what is wrong.
 */
export function checkForm(token: string): TokenForm {
  if (token.length > MAX_TOKEN_CHARACTERS) throw new Error('it is too long');
  const match = COMPACT.exec(token);
  if (match === null) throw new Error('it is not a compact JWS with an Ed25519 signature');
  const { alg, typ, kid, ...others } = readObject(match[1] ?? '', 'header');
  readObject(match[2] ?? '', 'payload');
  if (Object.keys(others).length > 0) throw new Error('its header has members that we do not use');
  if (alg !== 'EdDSA') throw new Error('its algorithm is not EdDSA');
  if (typ !== 'at+jwt') throw new Error('it is not an access token');
  if (typeof kid !== 'string' || !KID.test(kid)) throw new Error('its kid is not a thumbprint');
  return { kid };
}

function readObject(part: string, name: string): Readonly<Record<string, unknown>> {
  const bytes = Buffer.from(part, 'base64url');
  const text = bytes.toString('utf8');
  if (bytes.toString('base64url') !== part) throw new Error(`its ${name} is not base64url`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`its ${name} is not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`its ${name} is not an object`);
  }
  if (JSON.stringify(value) !== text) throw new Error(`its ${name} is not as the issuer writes it`);
  return value as Record<string, unknown>;
}
